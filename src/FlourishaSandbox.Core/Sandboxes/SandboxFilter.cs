namespace FlourishaSandbox.Sandboxes;

/// <summary>Which sandboxes are wanted. What is null does not matter.</summary>
public sealed record SandboxFilter
{
    /// <summary>Decides by the name. A function, because PowerShell and the shell each have wildcards of their own.</summary>
    public Func<string, bool>? Name { get; init; }

    /// <summary>An id or its beginning.</summary>
    public string? Id { get; init; }

    /// <summary>What it is doing.</summary>
    public SandboxState? State { get; init; }

    /// <summary>Notes that it must bear, with these values.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Who made it; null for everybody's.</summary>
    public string? Owner { get; init; }

    /// <summary>Only stale ones.</summary>
    public bool Stale { get; init; }

    /// <summary>Whether a sandbox is wanted.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="now">The time by which a deadline is judged.</param>
    /// <param name="isAbandoned">Whether a sandbox's maker was killed; null where nobody knows.</param>
    /// <returns>True where every condition holds.</returns>
    public bool Matches(Sandbox sandbox, DateTimeOffset now, Func<Sandbox, bool>? isAbandoned = null)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        return (Name is null || Name(sandbox.Name))
            && (Id is null || sandbox.Id.StartsWith(Id, StringComparison.Ordinal))
            && (State is null || State == sandbox.State)
            && (Owner is null || Owner == sandbox.Owner)
            && (Metadata is null || Metadata.All(wanted => sandbox.Metadata.TryGetValue(wanted.Key, out var value) && value == wanted.Value))
            && (!Stale || Staleness.Judge(sandbox, now, olderThan: null, isAbandoned?.Invoke(sandbox) ?? false) is not null);
    }
}
