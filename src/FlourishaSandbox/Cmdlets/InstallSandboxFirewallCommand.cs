using System.Management.Automation;
using FlourishaSandbox.Firewall;

namespace FlourishaSandbox.Cmdlets;

/// <summary>
/// Closes the engine's machine, private networks and the metadata address to sandboxes, by rules of the host's firewall. Takes root, on the
/// engine's machine. The rules hold until the machine starts anew; installing them again brings them up to date.
/// </summary>
[Cmdlet(VerbsLifecycle.Install, "SandboxFirewall", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(FirewallRule))]
public sealed class InstallSandboxFirewallCommand : SandboxCmdlet
{
    /// <summary>Gives the rules.</summary>
    [Parameter(HelpMessage = "Gives the rules.")]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!TryAwait(Manager.Firewall.PlanAsync, out var plan) || !ShouldProcess(FirewallQuestion.Target(plan), $"Install {plan.Count} rules of the firewall"))
            return;

        if (TryAwait(Manager.Firewall.InstallAsync, out var rules) && PassThru)
            WriteObject(rules, enumerateCollection: true);
    }
}
