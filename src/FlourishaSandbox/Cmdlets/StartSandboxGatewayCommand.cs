using System.Management.Automation;
using System.Net;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Starts the gateway, which gives every port of every sandbox a name, as a process of its own.</summary>
[Cmdlet(VerbsLifecycle.Start, "SandboxGateway", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SandboxGateway))]
public sealed class StartSandboxGatewayCommand : SandboxCmdlet
{
    /// <summary>The TCP port that it listens on; 8080 where nothing is said, here or in the configuration.</summary>
    [Parameter(Position = 0, HelpMessage = "The port that it listens on.")]
    [ValidateRange(1, ushort.MaxValue)]
    public int? Port { get; set; }

    /// <summary>The address of this machine that it listens on; 127.0.0.1 where nothing is said.</summary>
    [Parameter(HelpMessage = "The address of this machine that it listens on.")]
    public IPAddress? Address { get; set; }

    /// <summary>The domain below which sandboxes have names, beside localhost.</summary>
    [Parameter(HelpMessage = "The domain below which sandboxes have names.")]
    [ValidateNotNullOrEmpty]
    public string? Domain { get; set; }

    /// <summary>A file with its certificate, in PEM or PKCS #12.</summary>
    [Parameter(HelpMessage = "A file with its certificate, in PEM or PKCS #12.")]
    [ValidateNotNullOrEmpty]
    public string? Certificate { get; set; }

    /// <summary>A file in PEM with the certificate's key, where it is not in the certificate's own.</summary>
    [Parameter(HelpMessage = "A file in PEM with the certificate's key.")]
    [ValidateNotNullOrEmpty]
    public string? CertificateKey { get; set; }

    /// <summary>A file with the password of the key: a password itself would be seen in the list of processes.</summary>
    [Parameter(HelpMessage = "A file with the password of the certificate's key.")]
    [ValidateNotNullOrEmpty]
    public string? CertificatePasswordFile { get; set; }

    /// <summary>Addresses and networks of proxies whose word on where a request came from counts.</summary>
    [Parameter(HelpMessage = "Proxies whose word on where a request came from counts.")]
    [ValidateNotNullOrEmpty]
    public string[]? TrustedProxy { get; set; }

    /// <summary>Shows applications the name that users typed, and not localhost, which all development servers take.</summary>
    [Parameter(HelpMessage = "Shows applications the name that users typed.")]
    public SwitchParameter KeepHost { get; set; }

    /// <summary>Gives the gateway.</summary>
    [Parameter(HelpMessage = "Gives the gateway.")]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var settings = GatewayOptions.From(Manager.Settings);
        var options = settings with
        {
            Port = Port ?? settings.Port,
            Address = Address ?? settings.Address,
            Domain = Domain ?? settings.Domain,
            Certificate = Resolve(Certificate) ?? settings.Certificate,
            CertificateKey = Resolve(CertificateKey) ?? settings.CertificateKey,
            CertificatePasswordFile = Resolve(CertificatePasswordFile) ?? settings.CertificatePasswordFile,
            TrustedProxies = TrustedProxy ?? settings.TrustedProxies,
            KeepHost = KeepHost,
        };
        try
        {
            options.Validate();
            if (!ShouldProcess($"{options.Address}:{options.Port}", "Start a gateway to all sandboxes"))
                return;

            foreach (var trouble in options.FindTroubles(Manager.Settings))
                WriteWarning(trouble);

            var gateway = Await(token => Manager.Gateways.StartAsync(options, token));
            if (PassThru)
                WriteObject(gateway);
        }
        catch (SandboxException e)
        {
            ThrowTerminatingError(e.ToErrorRecord());
        }
    }

    // Relative to where PowerShell is, which need not be where its process is.
    private string? Resolve(string? path) => path is null ? null : GetUnresolvedProviderPathFromPSPath(path);
}
