using System.Threading.Channels;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Filesystem;

namespace FlourishaSandbox.Agent.Files.Watching;

/// <summary>A folder that somebody watches, and what was seen there and not yet taken.</summary>
internal sealed class FolderWatch : IDisposable
{
    // Some 2 MiB: who is further behind than that will not catch up.
    private const int MostEvents = 8_192;

    private readonly WatchHub _hub;
    private readonly Channel<FilesystemEvent> _events = Channel.CreateBounded<FilesystemEvent>(new BoundedChannelOptions(MostEvents) { SingleReader = false });

    /// <summary>Creates a watch of a hub.</summary>
    public FolderWatch(WatchHub hub, WatchRequest request, string path)
    {
        _hub = hub;
        Path = path;
        Recursive = request.Recursive;
        IncludeEntry = request.IncludeEntry;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Whether the folders below it are watched too.</summary>
    public bool Recursive { get; }

    /// <summary>What was seen. Ends with a <see cref="ConnectException"/> where something was missed.</summary>
    public ChannelReader<FilesystemEvent> Events => _events.Reader;

    /// <summary>The hub's numbers of the folders that are watched for it, by their paths below <see cref="Path"/>.</summary>
    internal Dictionary<string, int> Numbers { get; } = new(StringComparer.Ordinal);

    /// <summary>Why something was missed; null where nothing was.</summary>
    internal ConnectException? Failure { get; private set; }

    private bool IncludeEntry { get; }

    /// <summary>Watches no longer.</summary>
    public void Dispose() => _hub.End(this);

    /// <summary>Something happened.</summary>
    /// <param name="name">The path below <see cref="Path"/>; empty for that folder itself.</param>
    /// <param name="type">What happened.</param>
    internal void Add(string name, EventType type)
    {
        // What has gone may have been followed by something else of that name, which is not what went.
        var mayExist = type is EventType.Create or EventType.Write or EventType.Chmod;
        var entry = IncludeEntry && mayExist ? Entries.Find(name.Length == 0 ? Path : PathParts.Join(Path, name)) : null;
        if (!_events.Writer.TryWrite(new FilesystemEvent { Name = name, Type = type, Entry = entry }))
            Fail(new ConnectException(ConnectCode.ResourceExhausted, $"more than {MostEvents} events of '{Path}' were not taken in time; the rest are lost"));
    }

    /// <summary>Something was missed, so that what follows would tell only half.</summary>
    internal void Fail(ConnectException failure)
    {
        Failure ??= failure;
        _events.Writer.TryComplete(failure);
    }
}
