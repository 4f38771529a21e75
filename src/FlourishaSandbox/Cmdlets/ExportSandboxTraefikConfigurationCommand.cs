using System.Management.Automation;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Writes what Traefik reads so that names below the domain lead to the gateway.</summary>
[Cmdlet(VerbsData.Export, "SandboxTraefikConfiguration", DefaultParameterSetName = DynamicSet, SupportsShouldProcess = true)]
[OutputType(typeof(string), typeof(FileInfo))]
public sealed class ExportSandboxTraefikConfigurationCommand : SandboxCmdlet
{
    private const string DynamicSet = "Dynamic";
    private const string StaticSet = "Static";

    /// <summary>The file; without it, what would be in it is written to the pipeline.</summary>
    [Parameter(Position = 0, HelpMessage = "The file. Without it, the text goes to the pipeline.")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Writes what Traefik starts with, and not what its file provider reads.</summary>
    [Parameter(Mandatory = true, ParameterSetName = StaticSet, HelpMessage = "Writes traefik.yml, which Traefik starts with.")]
    public SwitchParameter Static { get; set; }

    /// <summary>The URL by which Traefik reaches the gateway; by default this machine's own.</summary>
    [Parameter(ParameterSetName = DynamicSet, HelpMessage = "The URL by which Traefik reaches the gateway, for example http://127.0.0.1:8080.")]
    public Uri? Gateway { get; set; }

    /// <summary>Whom the issuer of certificates writes to.</summary>
    [Parameter(ParameterSetName = StaticSet, HelpMessage = "Whom the issuer of certificates writes to.")]
    [ValidateNotNullOrEmpty]
    public string? Email { get; set; }

    /// <summary>The code of the DNS provider by which the domain is proven.</summary>
    [Parameter(ParameterSetName = StaticSet, HelpMessage = "The code of the DNS provider, for example cloudflare.")]
    [ValidateNotNullOrEmpty]
    public string? DnsProvider { get; set; }

    /// <summary>Replaces a file that is there.</summary>
    [Parameter(HelpMessage = "Replaces a file that is there.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            var settings = Manager.Settings;
            var text = Static ? TraefikFiles.WriteStatic(settings, Email, DnsProvider) : TraefikFiles.WriteDynamic(settings, Gateway);
            if (!Static && TraefikFiles.FindTrouble(settings) is { } trouble)
                WriteWarning(trouble);

            if (Path is null)
            {
                WriteObject(text);
                return;
            }

            var path = GetUnresolvedProviderPathFromPSPath(Path);
            if (ShouldProcess(path, "Write Traefik's configuration"))
                WriteObject(TraefikFiles.Save(path, text, Force));
        }
        catch (SandboxException e)
        {
            ThrowTerminatingError(e.ToErrorRecord());
        }
    }
}
