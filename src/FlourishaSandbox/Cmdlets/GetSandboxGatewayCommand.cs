using System.Management.Automation;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Finds this user's gateways that serve on this machine.</summary>
[Cmdlet(VerbsCommon.Get, "SandboxGateway")]
[OutputType(typeof(SandboxGateway))]
public sealed class GetSandboxGatewayCommand : SandboxCmdlet
{
    /// <summary>Ports that gateways listen on; all gateways where none is given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, HelpMessage = "The ports that they listen on.")]
    [ValidateRange(1, ushort.MaxValue)]
    public int[]? Port { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var gateways = Manager.Gateways.List();
        if (Port is null)
            WriteObject(gateways, enumerateCollection: true);

        foreach (var port in Port ?? [])
        {
            var found = gateways.Where(gateway => gateway.Port == port).ToList();
            if (found.Count == 0)
                WriteError(SandboxGateways.NotFound(port, gateways).ToErrorRecord());

            WriteObject(found, enumerateCollection: true);
        }
    }
}
