using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Makes copies of sandboxes: others with the same files, and made with the same options.</summary>
[Cmdlet(VerbsCommon.Copy, "Sandbox", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(Sandbox))]
public sealed class CopySandboxCommand : FanOutCmdlet
{
    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [Alias("Id")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>How many copies of each to make.</summary>
    [Parameter(Position = 1, HelpMessage = "How many copies of each to make.")]
    [ValidateRange(1, 1000)]
    public int Count { get; set; } = 1;

    /// <summary>The copy's name; with -Count, '-1', '-2' and so on are added. Where it is left out, the source's name with '-copy-1' and so on.</summary>
    [Parameter(HelpMessage = "The copy's name; with -Count, '-1', '-2' and so on are added.")]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>How long the copies live: seconds, 1h30m or unlimited; as long as the source was given at first where nothing is said.</summary>
    [Parameter(HelpMessage = "How long the copies live: seconds, 1h30m or unlimited.")]
    [Duration]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var sandbox in Resolve(Sandbox))
        {
            if (ShouldProcess($"{sandbox.Name} ({sandbox.ShortId})", Count == 1 ? "Make a copy" : $"Make {Count} copies"))
                Copy(sandbox);
        }
    }

    // One item for all copies of a sandbox, as they are made from one image of it.
    private void Copy(Sandbox sandbox) => FanOut(async cancellationToken =>
    {
        var names = await Manager.Checkpoints.NameCopiesAsync(sandbox, NewName, Count, cancellationToken).ConfigureAwait(false);
        var copies = await Manager.Checkpoints.CopyAsync(sandbox, names, Timeout, ThrottleLimit, Observer, cancellationToken).ConfigureAwait(false);
        foreach (var copy in copies)
        {
            if (copy.Sandbox is not null)
                WriteDown(copy.Sandbox);
        }

        return () =>
        {
            foreach (var copy in copies)
            {
                if (copy.Sandbox is not null)
                    WriteObject(copy.Sandbox);
                else
                    WriteError(copy.Failure!.ToErrorRecord());
            }
        };
    });
}
