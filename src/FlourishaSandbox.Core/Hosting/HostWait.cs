using System.Diagnostics;
using System.Globalization;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Hosting;

/// <summary>Waits until an app answers at an address.</summary>
/// <param name="runtime">What carries the sandbox.</param>
internal sealed class HostWait(ISandboxRuntime runtime)
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    // Looking whether there is still something to wait for costs a call to the agent.
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    // What starts servers may end before the server is there; and what has failed may just be started again.
    private const int LooksUntilSure = 3;

    // An answer that is cut off after less says nothing of the server.
    private static readonly TimeSpan LeastSilence = TimeSpan.FromMilliseconds(300);

    private readonly HostDiagnosis _diagnosis = new(runtime);

    /// <summary>See <see cref="HostRouter.WaitAsync"/>.</summary>
    public async Task<HostAddress> WaitAsync(HostAddress address, Uri url, TimeSpan timeout, OperationObserver observer, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Duration.ForTimer(timeout));
        using var probe = new HostProbe(address);
        var activity = $"Waiting for {url}";
        var (last, looked, ended) = (new HostAnswer(HostAnswerKind.Closed, "nothing answered"), Stopwatch.GetTimestamp(), 0);
        long? asked = null;
        try
        {
            while (true)
            {
                asked = Stopwatch.GetTimestamp();
                last = await probe.AskAsync(url, limit.Token).ConfigureAwait(false);
                asked = null;
                if (last.Kind == HostAnswerKind.Ready)
                    return address with { Ready = true };

                observer.Report(new OperationProgress(activity, last.Words));
                if (Stopwatch.GetElapsedTime(looked) >= LookInterval)
                {
                    looked = Stopwatch.GetTimestamp();
                    var trouble = await _diagnosis.FindEndAsync(address, last, limit.Token).ConfigureAwait(false);
                    ended = trouble is null ? 0 : ended + 1;
                    if (trouble is not null && ended == LooksUntilSure)
                        throw new SandboxException(SandboxError.AppEnded, $"{url} does not become ready: {trouble.Reason.TrimEnd('.')}{Stop(trouble)}", address.Sandbox, trouble.Remedy);
                }

                await Task.Delay(RetryInterval, limit.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            if (asked is { } since && Stopwatch.GetElapsedTime(since) is var silence && silence >= LeastSilence)
                last = probe.Unanswered(silence);

            var trouble = await _diagnosis.ExplainAsync(address, last, cancellationToken).ConfigureAwait(false);
            throw new SandboxException(SandboxError.TimedOut, $"{url} did not become ready within {timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s: {trouble.Reason}{Stop(trouble)}", address.Sandbox, trouble.Remedy);
        }
        finally
        {
            observer.Report(new OperationProgress(activity, "") { Completed = true });
        }
    }

    // Lines of a log end as they end.
    private static string Stop(HostTrouble trouble) => trouble.Reason.Contains('\n', StringComparison.Ordinal) ? "" : ".";
}
