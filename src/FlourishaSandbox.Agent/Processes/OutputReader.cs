namespace FlourishaSandbox.Agent.Processes;

/// <summary>Somebody who reads a process's output from some offset on, at his own speed: the process waits for him.</summary>
internal sealed class OutputReader : IDisposable
{
    private readonly ProcessOutput _output;
    private readonly Lock _gate;
    private TaskCompletionSource? _news;
    private bool _hasNews = true;

    /// <summary>Creates a reader; its output attaches it.</summary>
    /// <param name="output">The output.</param>
    /// <param name="gate">The output's lock.</param>
    /// <param name="start">The offset of the first byte that it gets.</param>
    /// <param name="lost">How many bytes that it asked for are no longer kept.</param>
    public OutputReader(ProcessOutput output, Lock gate, long start, long lost)
    {
        _output = output;
        _gate = gate;
        Start = start;
        Position = start;
        Lost = lost;
    }

    /// <summary>The offset of the first byte that it gets.</summary>
    public long Start { get; }

    /// <summary>How many bytes that it asked for are no longer kept.</summary>
    public long Lost { get; }

    /// <summary>The offset of the next byte.</summary>
    public long Position { get; private set; }

    /// <summary>The next bytes, if there are any.</summary>
    /// <param name="until">The offset at which to stop.</param>
    /// <param name="maximum">The most bytes.</param>
    /// <param name="source">Where they came from.</param>
    /// <param name="bytes">The bytes; good until <see cref="Advance"/>.</param>
    /// <returns>Whether there are any.</returns>
    public bool TryPeek(long until, int maximum, out OutputSource source, out ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            var left = Math.Min(_output.Ring.Written, until) - Position;
            (source, bytes) = left > 0 ? _output.Ring.Peek(Position, (int)Math.Min(left, maximum)) : default;
            return left > 0;
        }
    }

    /// <summary>Goes on, which may let the process go on too.</summary>
    /// <param name="count">By how many bytes.</param>
    public void Advance(int count)
    {
        lock (_gate)
            Position += count;

        _output.MakeRoom();
    }

    /// <summary>Waits until there is something new: bytes, or an end.</summary>
    /// <param name="patience">How long to wait at most.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Whether there is.</returns>
    public async ValueTask<bool> WaitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        Task news;
        lock (_gate)
        {
            if (_hasNews)
            {
                _hasNews = false;
                return true;
            }

            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            news = _news.Task;
        }

        try
        {
            await news.WaitAsync(patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            // News from here on are kept for the next time. Those before are seen by whoever looks now.
            lock (_gate)
                _news = null;

            return false;
        }

        return true;
    }

    /// <summary>Wakes the reader. Called with the lock held.</summary>
    public void Wake()
    {
        if (_news is null)
        {
            _hasNews = true;
            return;
        }

        _news.TrySetResult();
        _news = null;
    }

    /// <inheritdoc/>
    public void Dispose() => _output.Detach(this);
}
