using System.Collections.Concurrent;
using System.Management.Automation;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox;

/// <summary>Passes on what an operation tells to a cmdlet's streams.</summary>
internal sealed class PipelineObserver(SandboxCmdlet cmdlet) : OperationObserver
{
    private static int s_lastActivity;
    private readonly ConcurrentDictionary<(string Activity, string? Part), int> _activities = new();

    public override void Report(OperationProgress progress)
    {
        var id = IdOf(progress.Activity, progress.Part);
        var record = new ProgressRecord(id, Line(progress.Part is null ? progress.Activity : $"{progress.Part}"), Line(progress.Status))
        {
            ParentActivityId = progress.Part is null ? -1 : IdOf(progress.Activity, null),
            PercentComplete = progress is { Done: { } done, Total: > 0 } ? (int)Math.Clamp(done * 100 / progress.Total.Value, 0, 100) : -1,
            RecordType = progress.Completed ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        };
        cmdlet.Post(() => cmdlet.WriteProgress(record));
    }

    public override void Verbose(string message) => cmdlet.Post(() => cmdlet.WriteVerbose(message));

    public override void Warning(string message) => cmdlet.Post(() => cmdlet.WriteWarning(message));

    private int IdOf(string activity, string? part) => _activities.GetOrAdd((activity, part), _ => Interlocked.Increment(ref s_lastActivity));

    // What a build writes can hold anything; a progress bar wants one line that is not empty.
    private static string Line(string text)
    {
        var clean = new string([.. text.Where(character => !char.IsControl(character))]);
        return clean.Length == 0 ? " " : clean;
    }
}
