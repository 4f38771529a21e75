using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Sets how long sandboxes live.</summary>
[Cmdlet(VerbsCommon.Set, "Sandbox", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Sandbox))]
public sealed class SetSandboxCommand : FanOutCmdlet
{
    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [Alias("Name", "Id")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>How long they live from now on, whatever their deadline was: seconds, 1h30m, 01:30:00 or unlimited.</summary>
    [Parameter(Mandatory = true, Position = 1, HelpMessage = "How long they live from now on: seconds, 1h30m or unlimited.")]
    [Duration]
    public TimeSpan Timeout { get; set; }

    /// <summary>Gives the sandboxes with their new deadline.</summary>
    [Parameter(HelpMessage = "Gives the sandboxes with their new deadline.")]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var action = Timeout == System.Threading.Timeout.InfiniteTimeSpan ? "Let it live without an end" : $"Let it live for {Duration.Describe(Timeout)} from now";
        foreach (var sandbox in Resolve(Sandbox))
        {
            if (ShouldProcess($"{sandbox.Name} ({sandbox.ShortId})", action))
                Set(sandbox);
        }
    }

    private void Set(Sandbox sandbox) => FanOut(async cancellationToken =>
    {
        var changed = await Manager.SetTimeoutAsync(sandbox, Timeout, Observer, cancellationToken).ConfigureAwait(false);
        return () =>
        {
            if (PassThru)
                WriteObject(changed);
        };
    });
}
