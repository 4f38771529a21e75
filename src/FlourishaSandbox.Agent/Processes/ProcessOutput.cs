using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Agent.Processes;

/// <summary>
/// All that a process writes, and those who read it. While a reader is behind by a whole ring, nothing is read from the process: it
/// waits as it would for a slow terminal, and the reader misses nothing. With no reader the oldest is overwritten.
/// </summary>
internal sealed class ProcessOutput
{
    private readonly Lock _lock = new();
    private readonly Reactor _reactor;
    private readonly List<OutputReader> _readers = [];
    private readonly List<OutputPipe> _pipes = [];
    private readonly long _maximum;
    private bool _isExceeded;
    private Action? _drained;
    private bool _resumes;
    private bool _discards;

    /// <summary>Creates an output without streams.</summary>
    /// <param name="reactor">Who reads.</param>
    /// <param name="limit">The most bytes that are kept.</param>
    /// <param name="keepsRead">Whether bytes that every reader has had are kept.</param>
    /// <param name="maximum">The most bytes that may be written at all; null for no limit.</param>
    public ProcessOutput(Reactor reactor, int limit, bool keepsRead, long? maximum = null)
    {
        _reactor = reactor;
        _maximum = maximum ?? long.MaxValue;
        Ring = new OutputRing(limit, keepsRead);
    }

    /// <summary>What to call when more is written than may be, once, with the lock held.</summary>
    public Action? Exceeded { get; set; }

    /// <summary>The bytes. To be used with the lock held, that is by readers.</summary>
    public OutputRing Ring { get; }

    /// <summary>How much there is.</summary>
    /// <returns>Bytes written so far, the offset of the oldest that is kept, and the memory that is taken.</returns>
    public (long Written, long Kept, int Capacity) Measure()
    {
        lock (_lock)
            return (Ring.Written, Ring.Kept, Ring.Capacity);
    }

    /// <summary>Adds a stream, and reads it from now on.</summary>
    /// <param name="descriptor">A non-blocking descriptor, which belongs to the output from now on.</param>
    /// <param name="source">What it is.</param>
    public void AddStream(int descriptor, OutputSource source)
    {
        lock (_lock)
        {
            var pipe = new OutputPipe(descriptor, source);
            _pipes.Add(pipe);
            Watch(pipe);
        }
    }

    /// <summary>Adds a reader.</summary>
    /// <param name="offset">The offset of the first byte that it wants.</param>
    /// <returns>The reader; to be disposed.</returns>
    /// <exception cref="ConnectException"><see cref="ConnectCode.OutOfRange"/>: not so much was written yet.</exception>
    public OutputReader Attach(long offset)
    {
        lock (_lock)
        {
            if (offset < 0 || offset > Ring.Written)
                throw new ConnectException(ConnectCode.OutOfRange, $"the offset {offset} is beyond the {Ring.Written} bytes that were written");

            var start = Math.Max(offset, Ring.Kept);
            var reader = new OutputReader(this, _lock, start, start - offset);
            _readers.Add(reader);
            return reader;
        }
    }

    /// <summary>Removes a reader; the process may go on without it.</summary>
    /// <param name="reader">The reader.</param>
    public void Detach(OutputReader reader)
    {
        lock (_lock)
            _readers.Remove(reader);

        MakeRoom();
    }

    /// <summary>Wakes all readers, because something else than output happened.</summary>
    public void Wake()
    {
        lock (_lock)
            WakeReaders();
    }

    /// <summary>Goes on with the streams that had to wait for room, if there is room now.</summary>
    public void MakeRoom()
    {
        lock (_lock)
        {
            // Not for every few bytes: stopping and going on costs more than reading them.
            if (_resumes || Ring.Written - Needed() > Ring.Capacity / 2 || !_pipes.Exists(pipe => pipe.IsPaused))
                return;

            _resumes = true;
        }

        _reactor.Post(Resume);
    }

    /// <summary>
    /// Reads what is in the streams at this moment and says so when it has been read: what the process wrote itself is there when its end
    /// is known, and what others write later delays nothing. To be called on the reactor's thread.
    /// </summary>
    /// <param name="drained">What to call, on the reactor's thread.</param>
    public void Drain(Action drained)
    {
        lock (_lock)
        {
            _drained = drained;
            foreach (var pipe in _pipes)
                pipe.BeginDrain();

            foreach (var pipe in _pipes.ToArray())
            {
                while (pipe.Awaited > 0 && !pipe.IsPaused && _pipes.Contains(pipe))
                    ReadOnce(pipe);
            }
        }

        ReportDrained();
    }

    /// <summary>Keeps nothing any more. Streams are read on, so that whoever writes to them can.</summary>
    public void Discard()
    {
        lock (_lock)
        {
            _discards = true;
            if (_readers.Count == 0)
                Ring.Clear();
        }

        MakeRoom();
    }

    private void Watch(OutputPipe pipe)
        => pipe.Registration = _reactor.Add(pipe.Descriptor, EpollEvents.In, _ =>
        {
            lock (_lock)
            {
                if (_pipes.Contains(pipe))
                    ReadOnce(pipe);
            }

            ReportDrained();
        });

    private void ReadOnce(OutputPipe pipe)
    {
        if (_discards && _readers.Count == 0)
            Ring.Drop();

        var room = Ring.GetRoom(pipe.Source, Needed());
        if (room.IsEmpty)
        {
            pipe.Pause();
            return;
        }

        // One byte more than may be written is read, so that writing exactly as much is none too many.
        if (Ring.Written >= _maximum)
        {
            ReadExcess(pipe);
            return;
        }

        switch (pipe.Read(room[..(int)Math.Min(room.Length, _maximum - Ring.Written)]))
        {
            case > 0 and var count:
                Ring.Add(pipe.Source, count);
                WakeReaders();
                break;
            case 0:
                Close(pipe);
                break;
        }
    }

    private void ReadExcess(OutputPipe pipe)
    {
        Span<byte> excess = stackalloc byte[4096];
        switch (pipe.Read(excess))
        {
            case > 0:
                // Thrown away until who still writes has been ended: a broken pipe would end some of them first, and another way.
                if (!_isExceeded)
                    Exceeded?.Invoke();

                _isExceeded = true;
                break;
            case 0:
                Close(pipe);
                break;
        }
    }

    private void Resume()
    {
        lock (_lock)
        {
            _resumes = false;
            foreach (var pipe in _pipes.Where(pipe => pipe.IsPaused && !Ring.GetRoom(pipe.Source, Needed()).IsEmpty))
                Watch(pipe);
        }
    }

    private void ReportDrained()
    {
        Action? drained = null;
        lock (_lock)
        {
            if (_drained is not null && _pipes.TrueForAll(pipe => pipe.Awaited == 0))
                (drained, _drained) = (_drained, null);
        }

        drained?.Invoke();
    }

    private void Close(OutputPipe pipe)
    {
        _pipes.Remove(pipe);
        pipe.Dispose();
        if (_pipes.Count == 0)
            Ring.Trim();
    }

    private long Needed()
    {
        var needed = long.MaxValue;
        foreach (var reader in _readers)
            needed = Math.Min(needed, reader.Position);

        return needed;
    }

    private void WakeReaders()
    {
        foreach (var reader in _readers)
            reader.Wake();
    }
}
