using FlourishaSandbox.Agent.Connect;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Filesystem;

namespace FlourishaSandbox.Agent.Files.Watching;

/// <summary>The calls of <c>filesystem.Filesystem</c> that watch: one stream, or a watcher that is asked from time to time.</summary>
/// <param name="user">Where relative paths begin: in the home.</param>
/// <param name="hub">What watches.</param>
internal sealed class WatchService(AgentUser user, WatchHub hub)
{
    // They stay until they are removed, so that they must not become ever more.
    private const int MostWatchers = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, FolderWatch> _watchers = new(StringComparer.Ordinal);

    /// <summary>Streams what happens, until the client goes.</summary>
    public async Task WatchDirAsync(WatchRequest request, ConnectStream stream, CancellationToken cancellationToken)
    {
        using var watch = hub.Begin(request, AgentPath.Resolve(request.Path, user));
        await stream.WriteAsync(new WatchDirResponse { Start = new WatchStart() }, EnvdJson.Default.WatchDirResponse, cancellationToken);
        while (true)
        {
            var waiting = watch.Events.WaitToReadAsync(cancellationToken).AsTask();
            while (!await HasAsync(waiting, stream.Keepalive))
                await stream.WriteAsync(new WatchDirResponse { Keepalive = new() }, EnvdJson.Default.WatchDirResponse, cancellationToken);

            await waiting;
            while (watch.Events.TryRead(out var happened))
                await stream.WriteAsync(new WatchDirResponse { Filesystem = happened }, EnvdJson.Default.WatchDirResponse, cancellationToken);
        }
    }

    /// <summary>Makes a watcher.</summary>
    public CreateWatcherResponse CreateWatcher(WatchRequest request)
    {
        var watch = hub.Begin(request, AgentPath.Resolve(request.Path, user));
        var id = $"w{Guid.NewGuid():N}";
        lock (_lock)
        {
            if (_watchers.Count < MostWatchers)
            {
                _watchers.Add(id, watch);
                return new CreateWatcherResponse(id);
            }
        }

        watch.Dispose();
        throw new ConnectException(ConnectCode.ResourceExhausted, $"there are {MostWatchers} watchers; remove those that nobody asks any more");
    }

    /// <summary>Takes what a watcher saw since it was last asked.</summary>
    /// <exception cref="ConnectException">It missed something; all that it saw before was taken.</exception>
    public GetWatcherEventsResponse GetWatcherEvents(WatcherRequest request)
    {
        var watch = Find(request.WatcherId);
        var events = new List<FilesystemEvent>();
        while (watch.Events.TryRead(out var happened))
            events.Add(happened);

        if (events.Count == 0 && watch.Failure is { } failure)
            throw failure;

        return new GetWatcherEventsResponse(events);
    }

    /// <summary>Removes a watcher.</summary>
    public void RemoveWatcher(WatcherRequest request)
    {
        FolderWatch? watch;
        lock (_lock)
            _watchers.Remove(request.WatcherId, out watch);

        (watch ?? throw Unknown(request.WatcherId)).Dispose();
    }

    private FolderWatch Find(string id)
    {
        lock (_lock)
            return _watchers.TryGetValue(id, out var watch) ? watch : throw Unknown(id);
    }

    private static ConnectException Unknown(string id) => new(ConnectCode.NotFound, $"watcher with id '{id}' not found");

    private static async Task<bool> HasAsync(Task<bool> waiting, TimeSpan limit)
    {
        using var timer = new CancellationTokenSource();
        var first = await Task.WhenAny(waiting, Task.Delay(limit, timer.Token));
        await timer.CancelAsync();
        return first == waiting;
    }
}
