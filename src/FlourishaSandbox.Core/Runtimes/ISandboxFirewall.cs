using FlourishaSandbox.Firewall;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>
/// The rules of the host's firewall that close the host, private networks and the metadata address to sandboxes. Beside what every method
/// of <see cref="ISandboxRuntime"/> throws: <see cref="SandboxError.HostRefused"/>, where the engine is not on this machine, where this user
/// may not do that, or where iptables fails.
/// </summary>
public interface ISandboxFirewall
{
    /// <summary>The rules that there should be. Anybody may ask.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The rules in their order; whether they are there nobody looked.</returns>
    Task<IReadOnlyList<FirewallRule>> PlanAsync(CancellationToken cancellationToken);

    /// <summary>The rules that there should be, and which of them are there. Takes root.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The rules in their order.</returns>
    Task<IReadOnlyList<FirewallRule>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Whether all of the rules are there; null where that cannot be told, as to a user who is not root. Cheap.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<bool?> IsInstalledAsync(CancellationToken cancellationToken);

    /// <summary>Sees to it that exactly these rules are there. What sandboxes are in the middle of goes on. Takes root.</summary>
    /// <param name="cancellationToken">Ends the wait between two steps.</param>
    /// <returns>The rules as they are then.</returns>
    Task<IReadOnlyList<FirewallRule>> InstallAsync(CancellationToken cancellationToken);

    /// <summary>Removes all of the rules, and the chains that they are in. Takes root, and no engine.</summary>
    /// <param name="cancellationToken">Ends the wait between two steps.</param>
    /// <returns>Whether there was anything.</returns>
    Task<bool> RemoveAsync(CancellationToken cancellationToken);
}
