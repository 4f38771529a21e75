using FlourishaSandbox.Images;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Networks;

/// <summary>What is to be decided about networks, and what is left of them.</summary>
public sealed class SandboxNetworks
{
    private const string ProxyHelper = "egress-proxy";

    private readonly ISandboxRuntime _runtime;
    private readonly TemplateCatalog _templates;
    private readonly ImageStore _images;

    internal SandboxNetworks(ISandboxRuntime runtime, TemplateCatalog templates, ImageStore images)
    {
        _runtime = runtime;
        _templates = templates;
        _images = images;
    }

    /// <summary>Networks of their own, and proxies on them, whose sandbox is not there, oldest first. Young ones may be of sandboxes that are just being made.</summary>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The networks.</returns>
    public Task<IReadOnlyList<StaleNetwork>> ListStaleAsync(CancellationToken cancellationToken) => _runtime.Networks.ListStaleAsync(cancellationToken);

    /// <summary>Removes a network whose sandbox is gone, with the proxy on it.</summary>
    /// <param name="network">The network; one that is gone already is no error, and one whose sandbox has come meanwhile stays.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when it is gone.</returns>
    public Task RemoveAsync(StaleNetwork network, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(observer);
        observer.Verbose($"Removing network '{network}', which was made for sandbox '{network.SandboxName}'.");
        return _runtime.Networks.RemoveAsync(network, cancellationToken);
    }

    /// <summary>How the lists of hosts of a sandbox to be made are enforced; null where it has none. The proxy's image is built when it is first needed.</summary>
    internal async Task<EgressPolicy?> PlanEgressAsync(SandboxOptions options, OperationObserver observer, CancellationToken cancellationToken)
    {
        if (!options.HasEgressList)
            return null;

        var (allowed, denied) = NetworkRules.Patterns(options);
        var image = await _images.EnsureAsync(_templates.GetHelper(ProxyHelper), observer, cancellationToken).ConfigureAwait(false);
        return new EgressPolicy { ProxyImage = image.Name, Allowed = allowed, Denied = denied };
    }
}
