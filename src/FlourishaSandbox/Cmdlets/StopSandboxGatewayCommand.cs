using System.Management.Automation;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Ends gateways of this user. What is under way has some seconds to end first.</summary>
[Cmdlet(VerbsLifecycle.Stop, "SandboxGateway", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SandboxGateway))]
public sealed class StopSandboxGatewayCommand : SandboxCmdlet
{
    /// <summary>Ports that gateways listen on; all gateways where none is given.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, HelpMessage = "The ports that they listen on.")]
    [ValidateRange(1, ushort.MaxValue)]
    public int[]? Port { get; set; }

    /// <summary>Gives the gateways as they were.</summary>
    [Parameter(HelpMessage = "Gives the gateways as they were.")]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var gateways = Manager.Gateways.List();
        foreach (var port in Port ?? [])
        {
            if (!gateways.Any(gateway => gateway.Port == port))
                WriteError(SandboxGateways.NotFound(port, gateways).ToErrorRecord());
        }

        foreach (var gateway in gateways.Where(each => Port is null || Port.Contains(each.Port)))
        {
            if (ShouldProcess($"{gateway} (process {gateway.ProcessId})", "End the gateway") && TryAwait(token => EndAsync(gateway, token), out _) && PassThru)
                WriteObject(gateway);
        }
    }

    private async Task<bool> EndAsync(SandboxGateway gateway, CancellationToken cancellationToken)
    {
        await Manager.Gateways.StopAsync(gateway, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
