using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Lets suspended sandboxes go on, whether they were suspended by hand or at their deadline.</summary>
[Cmdlet(VerbsLifecycle.Resume, "Sandbox", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(Sandbox))]
public sealed class ResumeSandboxCommand : FanOutCmdlet
{
    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [Alias("Name", "Id")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>How long they live from now on: seconds, 1h30m or unlimited. Where it is left out, a deadline that is to come stays, and one that has passed is set anew.</summary>
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
            if (ShouldProcess($"{sandbox.Name} ({sandbox.ShortId})", "Let it go on"))
                Resume(sandbox);
        }
    }

    private void Resume(Sandbox sandbox) => FanOut(async cancellationToken =>
    {
        var changed = await Manager.Lifecycle.ResumeAsync(sandbox, Timeout, Observer, cancellationToken).ConfigureAwait(false);
        return () =>
        {
            if (PassThru)
                WriteObject(changed);
        };
    });
}
