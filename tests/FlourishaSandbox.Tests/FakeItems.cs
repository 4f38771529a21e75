using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using FlourishaSandbox.Files;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

/// <summary>Files in memory, the same in every sandbox, by their absolute paths.</summary>
internal sealed class FakeItems(FakeRuntime runtime) : ISandboxItems
{
    private readonly ConcurrentDictionary<string, (SandboxItemType Type, byte[] Content)> _items = new();

    /// <summary>What a watcher hears.</summary>
    public Channel<(string Path, FileChange Change)> Events { get; } = Channel.CreateUnbounded<(string, FileChange)>();

    public void AddFile(string path, string content) => AddFile(path, Encoding.UTF8.GetBytes(content));

    public void AddFile(string path, byte[] content) => _items[path] = (SandboxItemType.File, content);

    public void AddFolder(string path) => _items[path] = (SandboxItemType.Directory, []);

    public void AddLink(string path, string target) => _items[path] = (SandboxItemType.Link, Encoding.UTF8.GetBytes(target));

    public byte[]? Content(string path) => _items.TryGetValue(path, out var item) ? item.Content : null;

    public Task<SandboxItem?> FindAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) =>
        runtime.Away is null
            ? Task.FromResult(_items.TryGetValue(path, out var item)
                ? new SandboxItem { Sandbox = sandbox, Path = path, Type = item.Type, Size = item.Content.Length, LinkTarget = item.Type == SandboxItemType.Link ? Encoding.UTF8.GetString(item.Content) : null }
                : null)
            : throw runtime.Away;

    public Task<IReadOnlyList<SandboxItem>> ListAsync(Sandbox sandbox, string path, bool recurse, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<SandboxItem>>(
    [
        .. from item in _items
           where recurse ? item.Key.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal) : SandboxPath.Parent(item.Key) == path
           orderby item.Key
           select new SandboxItem { Sandbox = sandbox, Path = item.Key, Type = item.Value.Type, Size = item.Value.Content.Length },
    ]);

    public Task<Stream> ReadAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) => Task.FromResult<Stream>(new MemoryStream(Get(sandbox, path)));

    public async Task WriteAsync(Sandbox sandbox, string path, Stream content, CancellationToken cancellationToken)
    {
        using var read = new MemoryStream();
        await content.CopyToAsync(read, cancellationToken);
        await runtime.DoAsync($"write {sandbox.Name}:{path}", observer: null, cancellationToken);
        AddFile(path, read.ToArray());
    }

    public async Task MakeDirectoryAsync(Sandbox sandbox, string path, CancellationToken cancellationToken)
    {
        await runtime.DoAsync($"mkdir {sandbox.Name}:{path}", observer: null, cancellationToken);
        AddFolder(path);
    }

    public Task MoveAsync(Sandbox sandbox, string source, string destination, CancellationToken cancellationToken)
    {
        _ = Get(sandbox, source);
        _items.Remove(source, out var item);
        _items[destination] = item;
        return runtime.DoAsync($"move {sandbox.Name}:{source} to {destination}", observer: null, cancellationToken);
    }

    public Task RemoveAsync(Sandbox sandbox, string path, CancellationToken cancellationToken)
    {
        _ = Get(sandbox, path);
        _items.Remove(path, out _);
        return runtime.DoAsync($"rm {sandbox.Name}:{path}", observer: null, cancellationToken);
    }

    public async IAsyncEnumerable<SandboxFileEvent> WatchAsync(Sandbox sandbox, string path, bool recurse, Action started, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await runtime.DoAsync($"watch {sandbox.Name}:{path}{(recurse ? " and below" : "")}", observer: null, cancellationToken);
        started();
        await foreach (var (changed, change) in Events.Reader.ReadAllAsync(cancellationToken))
            yield return new SandboxFileEvent(sandbox, changed, change, DateTimeOffset.UtcNow);
    }

    private byte[] Get(Sandbox sandbox, string path) =>
        Content(path) ?? throw new SandboxException(SandboxError.PathNotFound, $"There is nothing at '{path}' in sandbox '{sandbox}'.", path);
}
