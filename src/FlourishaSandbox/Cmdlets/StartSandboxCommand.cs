using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Starts sandboxes that have stopped, as they were started at first.</summary>
[Cmdlet(VerbsLifecycle.Start, "Sandbox", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(Sandbox))]
public sealed class StartSandboxCommand : FanOutCmdlet
{
    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [Alias("Name", "Id")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>How long they live from now on: seconds, 1h30m or unlimited. Where it is left out, they live as long again as they were given at first.</summary>
    [Parameter(Position = 1, HelpMessage = "How long they live from now on: seconds, 1h30m or unlimited.")]
    [Duration]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Gives the sandboxes, running.</summary>
    [Parameter(HelpMessage = "Gives the sandboxes, running.")]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var sandbox in Resolve(Sandbox))
        {
            if (ShouldProcess($"{sandbox.Name} ({sandbox.ShortId})", "Start it"))
                Start(sandbox);
        }
    }

    private void Start(Sandbox sandbox) => FanOut(async cancellationToken =>
    {
        var changed = await Manager.Lifecycle.StartAsync(sandbox, Timeout, Observer, cancellationToken).ConfigureAwait(false);
        return () =>
        {
            if (PassThru)
                WriteObject(changed);
        };
    });
}
