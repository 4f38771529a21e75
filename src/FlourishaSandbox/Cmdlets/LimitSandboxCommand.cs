using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Watches that sandboxes do not use more than they should: tells it, stops them or kills them. One object for each time.</summary>
[Cmdlet(VerbsData.Limit, "Sandbox", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(LimitBreach))]
public sealed class LimitSandboxCommand : FanOutCmdlet
{
    private LimitPolicy _policy = new();

    /// <summary>Creates the cmdlet. Between two measurements there is only waiting, so all are watched at once.</summary>
    public LimitSandboxCommand() => ThrottleLimit = MostAtOnce;

    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [Alias("Name", "Id")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>Memory that they should use at most: a share of their limit, such as 90%, or a size.</summary>
    [Parameter(HelpMessage = "Memory: a share of the limit, such as 90%, or a size, such as 512MB.")]
    [ValidateNotNullOrEmpty]
    public string? Memory { get; set; }

    /// <summary>CPU time that they should use at most: a share of their limit, such as 80%, or a number of cores.</summary>
    [Parameter(HelpMessage = "CPU time: a share of the limit, such as 80%, or a number of cores.")]
    [ValidateNotNullOrEmpty]
    public string? Cpu { get; set; }

    /// <summary>What they should have written to their disk at most: a share of their limit, or a size.</summary>
    [Parameter(HelpMessage = "Disk: a share of the limit, such as 90%, or a size, such as 5GB.")]
    [ValidateNotNullOrEmpty]
    public string? Disk { get; set; }

    /// <summary>Processes that they should have at most: a share of their limit, or a number.</summary>
    [Parameter(HelpMessage = "Processes: a share of the limit, such as 90%, or a number.")]
    [Alias("Pids")]
    [ValidateNotNullOrEmpty]
    public string? PidLimit { get; set; }

    /// <summary>What is done with one that uses more.</summary>
    [Parameter(HelpMessage = "What is done with one that uses more.")]
    public LimitAction Action { get; set; }

    /// <summary>For how long without a break it must have used so much: seconds or 00:00:10. At once where nothing is said.</summary>
    [Parameter(HelpMessage = "For how long it must have used so much: seconds or 00:00:10.")]
    [Duration]
    public TimeSpan For { get; set; }

    /// <summary>How long to wait between two measurements; one second where nothing is said.</summary>
    [Parameter(HelpMessage = "How long to wait between two measurements: seconds or 00:00:05.")]
    [Duration]
    public TimeSpan Interval { get; set; } = LimitPolicy.DefaultInterval;

    /// <summary>How many measurements of each. Where it is not given: with -Watch or -Timeout no end, else as many as -For needs.</summary>
    [Parameter(HelpMessage = "How many measurements of each.")]
    [ValidateRange(1, int.MaxValue)]
    public int? Count { get; set; }

    /// <summary>Watches until Ctrl+C.</summary>
    [Parameter(HelpMessage = "Watches until Ctrl+C.")]
    public SwitchParameter Watch { get; set; }

    /// <summary>When the watch ends by itself.</summary>
    [Parameter(HelpMessage = "When the watch ends by itself: seconds or 1h.")]
    [Duration]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        try
        {
            var isEndless = Watch || Timeout is not null;
            _policy = new LimitPolicy
            {
                Thresholds = LimitPolicy.ReadThresholds(Memory, Cpu, Disk, PidLimit),
                Action = Action,
                For = For,
                Interval = Interval,
                Count = Count ?? (isEndless ? null : LimitPolicy.CountFor(Interval, For)),
                Timeout = Timeout == System.Threading.Timeout.InfiniteTimeSpan ? null : Timeout,
            };
            _policy.Validate();
        }
        catch (SandboxException e)
        {
            ThrowTerminatingError(e.ToErrorRecord());
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var sandbox in Resolve(Sandbox))
        {
            // Asked now: when it comes to it, perhaps at night, nobody is there to answer.
            var question = $"{Action} it when it uses {string.Join(" or ", _policy.Thresholds.Select(threshold => $"{threshold} {threshold.Kind.ToString().ToLowerInvariant()}"))}";
            if (Action == LimitAction.Warn || ShouldProcess($"{sandbox.Name} ({sandbox.ShortId})", question))
                FanOut(cancellationToken => WatchAsync(sandbox, cancellationToken));
        }
    }

    private async Task<Action> WatchAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        await foreach (var breach in Manager.Limits.WatchAsync(sandbox, _policy, Observer, cancellationToken).ConfigureAwait(false))
            Post(() => Write(breach));

        return () => { };
    }

    private void Write(LimitBreach breach)
    {
        WriteWarning($"{breach}{breach.Action switch { LimitAction.Stop => " It was stopped.", LimitAction.Kill => " It was killed.", _ => "" }}");
        WriteObject(breach);
    }
}
