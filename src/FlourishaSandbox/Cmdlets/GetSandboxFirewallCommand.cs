using System.Management.Automation;
using FlourishaSandbox.Firewall;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Gives the rules of the firewall that close the engine's machine to sandboxes, and which of them are there. Takes root.</summary>
[Cmdlet(VerbsCommon.Get, "SandboxFirewall")]
[OutputType(typeof(FirewallRule))]
public sealed class GetSandboxFirewallCommand : SandboxCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (TryAwait(Manager.Firewall.ReadAsync, out var rules))
            WriteObject(rules, enumerateCollection: true);
    }
}
