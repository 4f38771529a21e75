using System.Net;
using FlourishaSandbox.Networks;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>Networks of sandboxes. Failures are those of <see cref="ISandboxRuntime"/>.</summary>
public interface ISandboxNetworks
{
    /// <summary>The address by which this machine reaches a sandbox itself, past everything that is published; null where it does not.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    IPAddress? FindAddress(Sandbox sandbox);

    /// <summary>Starts what a sandbox's network needs, its proxy, where that does not run, and puts Traefik on it again where that was made anew: before a sandbox that had stopped starts again, and before it is asked how it is reached.</summary>
    /// <param name="sandbox">The sandbox; one that needs nothing is no error.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task EnsureStartedAsync(Sandbox sandbox, CancellationToken cancellationToken);

    /// <summary>Networks of their own, and proxies on them, whose sandbox is not there. Among them may be those of sandboxes that are just being made.</summary>
    /// <param name="cancellationToken">Ends the listing.</param>
    Task<IReadOnlyList<StaleNetwork>> ListStaleAsync(CancellationToken cancellationToken);

    /// <summary>Removes such a network with the proxy on it. One that is gone already is no error, and one whose sandbox has come meanwhile stays.</summary>
    /// <param name="network">The network.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task RemoveAsync(StaleNetwork network, CancellationToken cancellationToken);
}
