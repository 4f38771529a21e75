using System.Net;
using FlourishaSandbox.Networks;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

/// <summary>Networks in memory: what is left of sandboxes that are gone.</summary>
internal sealed class FakeNetworks : ISandboxNetworks
{
    /// <summary>What a sweep finds.</summary>
    public List<StaleNetwork> Stale { get; } = [];

    public IPAddress? FindAddress(Sandbox sandbox) => IPAddress.Parse("10.213.0.3");

    public Task EnsureStartedAsync(Sandbox sandbox, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<StaleNetwork>> ListStaleAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<StaleNetwork>>([.. Stale]);

    public Task RemoveAsync(StaleNetwork network, CancellationToken cancellationToken)
    {
        Stale.Remove(network);
        return Task.CompletedTask;
    }
}
