using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Host;

/// <summary>The sandboxes that there are, by everything that a host name may call them. Read by all requests at once, written by one.</summary>
/// <param name="runtime">What carries the sandboxes.</param>
internal sealed class SandboxTable(ISandboxRuntime runtime) : IDisposable
{
    private readonly Dictionary<string, SandboxEntry> _entries = new(StringComparer.Ordinal);
    private volatile Dictionary<string, SandboxEntry> _names = [];

    /// <summary>How many there are.</summary>
    public int Count => _entries.Count;

    /// <summary>Finds the sandbox that a host name calls.</summary>
    /// <param name="name">Its short id, its id or its name, in any case.</param>
    /// <returns>The sandbox; null where there is none, or where names differ in case alone.</returns>
    public SandboxEntry? Find(string name) => _names.GetValueOrDefault(name);

    /// <summary>Takes all sandboxes that there are; others are gone.</summary>
    public void Replace(IReadOnlyList<Sandbox> sandboxes)
    {
        var present = sandboxes.Select(sandbox => sandbox.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var id in _entries.Keys.Where(id => !present.Contains(id)).ToList())
            Forget(id);

        foreach (var sandbox in sandboxes)
            Keep(sandbox);

        Publish();
    }

    /// <summary>Takes news of some sandboxes.</summary>
    /// <param name="news">Ids, and what there is of them; null where nothing is.</param>
    public void Apply(IEnumerable<(string Id, Sandbox? Sandbox)> news)
    {
        foreach (var (id, sandbox) in news)
        {
            if (sandbox is null)
                Forget(id);
            else
                Keep(sandbox);
        }

        Publish();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var id in _entries.Keys.ToList())
            Forget(id);
    }

    private void Keep(Sandbox sandbox)
    {
        if (_entries.TryGetValue(sandbox.Id, out var known))
            known.Update(sandbox);
        else
            _entries.Add(sandbox.Id, new SandboxEntry(runtime, sandbox));
    }

    private void Forget(string id)
    {
        if (_entries.Remove(id, out var entry))
            entry.Dispose();
    }

    // Ids go before names: nobody takes another one's place by calling his sandbox like its id.
    private void Publish()
    {
        var names = new Dictionary<string, SandboxEntry>(3 * _entries.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var group in _entries.Values.GroupBy(entry => entry.Sandbox.Name, StringComparer.OrdinalIgnoreCase))
        {
            if (group.Count() == 1)
                names[group.Key] = group.First();
        }

        foreach (var (id, entry) in _entries)
            names[id] = names[entry.Sandbox.ShortId] = entry;

        _names = names;
    }
}
