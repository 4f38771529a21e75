using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Says by which URL a sandbox's port is reached, and waits until something answers there.</summary>
[Cmdlet(VerbsCommon.Get, "SandboxHost")]
[OutputType(typeof(HostAddress))]
public sealed class GetSandboxHostCommand : FanOutCmdlet
{
    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [Alias("Name", "Id")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>The port inside the sandbox; the lowest that it publishes where none is given.</summary>
    [Parameter(Position = 1, HelpMessage = "The port inside the sandbox.")]
    [ArgumentCompleter(typeof(PortCompleter))]
    [ValidateRange(1, 65535)]
    public int Port { get; set; }

    /// <summary>Waits until something answers HTTP there.</summary>
    [Parameter(HelpMessage = "Waits until something answers there.")]
    public SwitchParameter Wait { get; set; }

    /// <summary>How long -Wait waits; 30 seconds where nothing is said.</summary>
    [Parameter(HelpMessage = "How long -Wait waits: seconds, 1m or 00:01:00.")]
    [Duration]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The path that -Wait asks for, and that a link leads to.</summary>
    [Parameter(HelpMessage = "The path that -Wait asks for, for example /health, and that a link leads to.")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "/";

    /// <summary>Gives a link too, in the property Link: a URL that opens a private port in a browser, for an hour or for -ValidFor.</summary>
    [Parameter(HelpMessage = "Gives a link too, which opens a private port in a browser.")]
    public SwitchParameter Link { get; set; }

    /// <summary>How long a link is good, at most 30 days; asks for one.</summary>
    [Parameter(HelpMessage = "How long a link is good: seconds, 1h or 01:00:00.")]
    [Duration]
    public TimeSpan ValidFor { get; set; } = HostLink.DefaultSpan;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var wantsLink = Link || MyInvocation.BoundParameters.ContainsKey(nameof(ValidFor));
        foreach (var sandbox in Resolve(Sandbox))
            WriteAddress(sandbox, wantsLink);
    }

    private void WriteAddress(Sandbox sandbox, bool wantsLink) => FanOut(async cancellationToken =>
    {
        if (wantsLink)
            HostLink.Validate(sandbox, ValidFor);

        var address = await Manager.Hosts.GetAddressAsync(sandbox, Port == 0 ? null : Port, Observer, cancellationToken).ConfigureAwait(false);
        if (Wait)
            address = await Manager.Hosts.WaitAsync(address, Path, Timeout, Observer, cancellationToken).ConfigureAwait(false);

        if (wantsLink)
            address = HostLink.AddTo(address, Path, ValidFor);

        return () => WriteObject(address);
    });
}
