using System.Diagnostics;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Files;

/// <summary>Counts what a copy moves and tells it ten times a second: often enough to look alive, seldom enough to cost nothing.</summary>
/// <param name="observer">Hears of it.</param>
/// <param name="activity">What is copied to where.</param>
/// <param name="total">Bytes in all; null where that is not known.</param>
internal sealed class CopyProgress(OperationObserver observer, string activity, long? total)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private long _lastReport = Stopwatch.GetTimestamp();
    private string _current = "";

    /// <summary>Files begun so far.</summary>
    public long Files { get; private set; }

    /// <summary>Bytes moved so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>A file begins.</summary>
    public void BeginFile(string name)
    {
        Files++;
        _current = name;
    }

    /// <summary>Some bytes of the file were moved.</summary>
    public void Add(long bytes)
    {
        Bytes += bytes;
        if (Stopwatch.GetElapsedTime(_lastReport) < Interval)
            return;

        _lastReport = Stopwatch.GetTimestamp();
        observer.Report(new OperationProgress(activity, _current) { Done = Bytes, Total = total });
    }

    /// <summary>The copy has ended, well or not.</summary>
    public void Complete() => observer.Report(new OperationProgress(activity, "") { Done = Bytes, Total = total, Completed = true });
}
