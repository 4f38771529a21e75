using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Pools;

/// <summary>What is said of names that no pool has.</summary>
public static class PoolNames
{
    /// <summary>The failure of a name that no pool has.</summary>
    /// <param name="name">The name.</param>
    /// <param name="pools">The pools that there are.</param>
    /// <returns>The failure, to be thrown or written.</returns>
    public static SandboxException NotFound(string name, IReadOnlyList<SandboxPool> pools) => new(
        SandboxError.PoolNotFound,
        $"There is no pool '{name}'. " + (pools.Count == 0 ? "You have none." : $"You have {string.Join(", ", pools)}."),
        name,
        "Make one with Set-SandboxPool or 'docker-sandbox pool set'.");
}
