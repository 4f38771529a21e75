using System.Management.Automation;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Removes what Install-SandboxFirewall installed, all of it. Takes root, and no engine.</summary>
[Cmdlet(VerbsLifecycle.Uninstall, "SandboxFirewall", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class UninstallSandboxFirewallCommand : SandboxCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!ShouldProcess(Environment.MachineName, "Remove the rules of the firewall that close it to sandboxes"))
            return;

        if (TryAwait(Manager.Firewall.RemoveAsync, out var was) && !was)
            WriteVerbose("There was nothing to remove.");
    }
}
