using System.Runtime.CompilerServices;
using System.Threading.Channels;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Audit;

/// <summary>Reads what was done to sandboxes from this machine, and what the engine says that happened to them.</summary>
public sealed class SandboxEvents
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(200);

    private readonly ISandboxRuntime _runtime;
    private readonly AuditFile _file;

    internal SandboxEvents(ISandboxRuntime runtime, AuditSettings settings)
    {
        _runtime = runtime;
        _file = new AuditFile(settings);
    }

    /// <summary>The file from which is read; it may not be there.</summary>
    public string Path => _file.Path;

    /// <summary>The events that match, the oldest first.</summary>
    /// <param name="filter">Which are wanted.</param>
    /// <param name="includeEngine">Whether the engine is asked too. It remembers some hundred events since it was started.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The events.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: the span ends before it begins; <see cref="SandboxError.PathNotUsable"/>: the file cannot be read; or what the runtime throws.</exception>
    public async Task<IReadOnlyList<SandboxEvent>> ListAsync(SandboxEventFilter filter, bool includeEngine, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        filter.Validate();

        var events = new List<SandboxEvent>();
        var reader = new AuditReader();
        foreach (var file in Open())
        {
            await using (file.ConfigureAwait(false))
                await new LineReader().ReadAsync(file, line => Add(reader.Read(line.Span)), cancellationToken).ConfigureAwait(false);
        }

        foreach (var one in reader.Unfinished)
            Add(one);

        if (includeEngine)
        {
            var until = DateTimeOffset.UtcNow;
            await foreach (var one in _runtime.WatchEventsAsync(filter.Since ?? DateTimeOffset.UnixEpoch, filter.Until < until ? filter.Until : until, cancellationToken).ConfigureAwait(false))
                Add(one);
        }

        return [.. events.OrderBy(one => one.Time)];

        void Add(SandboxEvent? one)
        {
            if (one is not null && filter.Matches(one))
                events.Add(one);
        }
    }

    /// <summary>The events that match, from now on, each as soon as it has ended.</summary>
    /// <param name="filter">Which are wanted.</param>
    /// <param name="includeEngine">Whether the engine's are wanted too.</param>
    /// <param name="cancellationToken">Ends the watching.</param>
    /// <returns>The events, in the order of their ends.</returns>
    /// <exception cref="SandboxException">As for <see cref="ListAsync"/>.</exception>
    public async IAsyncEnumerable<SandboxEvent> FollowAsync(SandboxEventFilter filter, bool includeEngine, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        filter.Validate();

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateUnbounded<SandboxEvent>();
        List<Task> sources = [FollowFileAsync(channel.Writer, ending.Token)];
        if (includeEngine)
            sources.Add(FollowEngineAsync(channel.Writer, ending.Token));

        // The first that fails ends it all; none ends by itself.
        var any = Task.WhenAny(sources).ContinueWith(done => channel.Writer.TryComplete(done.Result.Exception?.InnerException), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await foreach (var one in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (filter.Matches(one))
                    yield return one;
            }
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await any.ConfigureAwait(false);
            await Task.WhenAll(sources).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // its failure came through the channel
        }
    }

    private async Task FollowFileAsync(ChannelWriter<SandboxEvent> output, CancellationToken cancellationToken)
    {
        var reader = new AuditReader();
        var lines = new LineReader();
        FileStream? current = null;
        try
        {
            // What is there already only tells which actions are under way.
            var isPast = true;
            while (true)
            {
                var files = Open();
                var newest = files.Count > 0 ? files[^1] : null;
                foreach (var other in files.SkipLast(1))
                    await other.DisposeAsync().ConfigureAwait(false);

                if (current is not null && newest is not null && newest.Length < lines.Position)
                {
                    // Rotated: the rest of the old one first, which is still open.
                    await lines.ReadAsync(current, Take, cancellationToken).ConfigureAwait(false);
                    await current.DisposeAsync().ConfigureAwait(false);
                    (current, newest) = (newest, null);
                    lines.Reset();
                }

                current ??= newest;
                if (newest is not null && newest != current)
                    await newest.DisposeAsync().ConfigureAwait(false);

                if (current is not null)
                    await lines.ReadAsync(current, Take, cancellationToken).ConfigureAwait(false);

                isPast = false;
                await Task.Delay(s_poll, cancellationToken).ConfigureAwait(false);
            }

            void Take(ReadOnlyMemory<byte> line)
            {
                if (reader.Read(line.Span) is { } one && !isPast)
                    output.TryWrite(one);
            }
        }
        finally
        {
            if (current is not null)
                await current.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task FollowEngineAsync(ChannelWriter<SandboxEvent> output, CancellationToken cancellationToken)
    {
        await foreach (var one in _runtime.WatchEventsAsync(DateTimeOffset.UtcNow, until: null, cancellationToken).ConfigureAwait(false))
            output.TryWrite(one);
    }

    private IReadOnlyList<FileStream> Open()
    {
        try
        {
            return _file.OpenAll();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException(SandboxError.PathNotUsable, $"The record '{_file.Path}' cannot be read: {e.Message}", _file.Path, "Set its permissions, or name another one in FLOURISHA_AUDIT.", e);
        }
    }
}
