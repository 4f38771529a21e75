using FlourishaSandbox.Firewall;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

/// <summary>A firewall with one rule, which is there or not.</summary>
internal sealed class FakeFirewall : ISandboxFirewall
{
    public static FirewallRule Rule { get; } = new() { Family = FirewallFamily.IPv4, Chain = "FLOURISHA-INPUT", Rule = "-j REJECT", Purpose = "the host's own services" };

    public bool IsInstalled { get; set; }

    /// <summary>Thrown by everything but a plan, where set: this user may not.</summary>
    public SandboxException? Refusal { get; set; }

    public Task<IReadOnlyList<FirewallRule>> PlanAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<FirewallRule>>([Rule]);

    public Task<IReadOnlyList<FirewallRule>> ReadAsync(CancellationToken cancellationToken) =>
        Refusal is null ? Task.FromResult<IReadOnlyList<FirewallRule>>([Rule with { Present = IsInstalled }]) : Task.FromException<IReadOnlyList<FirewallRule>>(Refusal);

    public Task<bool?> IsInstalledAsync(CancellationToken cancellationToken) => Task.FromResult<bool?>(Refusal is null ? IsInstalled : null);

    public Task<IReadOnlyList<FirewallRule>> InstallAsync(CancellationToken cancellationToken)
    {
        IsInstalled = Refusal is null;
        return ReadAsync(cancellationToken);
    }

    public Task<bool> RemoveAsync(CancellationToken cancellationToken)
    {
        var was = IsInstalled;
        IsInstalled = false;
        return Refusal is null ? Task.FromResult(was) : Task.FromException<bool>(Refusal);
    }
}
