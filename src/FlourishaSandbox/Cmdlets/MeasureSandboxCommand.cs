using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Measures what sandboxes use: CPU, memory, disk, processes and network. Once, or again and again.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Sandbox")]
[OutputType(typeof(SandboxMetrics))]
public sealed class MeasureSandboxCommand : FanOutCmdlet
{
    private static readonly TimeSpan s_defaultInterval = TimeSpan.FromSeconds(1);

    /// <summary>Creates the cmdlet. Between two measurements there is only waiting, so all are measured at once.</summary>
    public MeasureSandboxCommand() => ThrottleLimit = MostAtOnce;

    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [Alias("Name", "Id")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>Measures again and again, until Ctrl+C.</summary>
    [Parameter(HelpMessage = "Measures again and again, until Ctrl+C.")]
    public SwitchParameter Watch { get; set; }

    /// <summary>How long to wait between two measurements; one second where only -Watch or -Count is given.</summary>
    [Parameter(HelpMessage = "How long to wait between two measurements: seconds or 00:00:05.")]
    [Duration]
    public TimeSpan? Interval { get; set; }

    /// <summary>How many measurements of each. Where it is not given: with -Watch or -Interval no end, else one.</summary>
    [Parameter(HelpMessage = "How many measurements of each.")]
    [ValidateRange(1, int.MaxValue)]
    public int? Count { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var sandbox in Resolve(Sandbox))
            FanOut(cancellationToken => MeasureAsync(sandbox, cancellationToken));
    }

    private async Task<Action> MeasureAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        var count = Count ?? (Interval is null && !Watch ? 1 : int.MaxValue);
        for (var i = 1; ; i++)
        {
            var metrics = await Manager.MeasureAsync(sandbox, cancellationToken).ConfigureAwait(false);
            if (i == count)
                return () => WriteObject(metrics);

            Post(() => WriteObject(metrics));
            await Task.Delay(Interval ?? s_defaultInterval, cancellationToken).ConfigureAwait(false);
        }
    }
}
