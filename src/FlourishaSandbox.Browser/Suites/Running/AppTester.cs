using System.Runtime.CompilerServices;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Suites.Running;

/// <summary>Runs suites: one check after the other, each with an end, and none that keeps the others from being made.</summary>
public sealed class AppTester
{
    private readonly SandboxManager _manager;

    /// <summary>Creates one.</summary>
    /// <param name="manager">The sandboxes.</param>
    public AppTester(SandboxManager manager)
    {
        ArgumentNullException.ThrowIfNull(manager);
        _manager = manager;
    }

    /// <summary>Runs a suite against the app in a sandbox.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="suite">The suite.</param>
    /// <param name="options">How it is run.</param>
    /// <param name="observer">Hears how far it is.</param>
    /// <param name="cancellationToken">Ends it; what it started is ended before this throws.</param>
    /// <returns>The results, each as soon as it is there.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.PortNotReachable"/>: the app's port is not known. <see cref="SandboxError.InvalidOption"/>: no check is wanted.</exception>
    public async IAsyncEnumerable<AppTestResult> RunAsync(Sandbox sandbox, AppTestSuite suite, AppTestOptions options, OperationObserver observer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(suite);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(observer);
        var wanted = suite.Content.Checks.Where(check => IsWanted(check, options)).ToList();
        if (wanted.Count == 0)
            throw new SandboxException(SandboxError.InvalidOption, $"No check of the suite '{suite.Name}' is wanted.", suite.Path, $"It has {string.Join(", ", suite.CheckNames.Take(10))}{(suite.CheckNames.Count > 10 ? ", …" : "")}. See -Check and -Tag, or --check and --tag.");

        using var access = await AppAccess.OpenAsync(_manager, sandbox, suite.Content.App.Port, cancellationToken).ConfigureAwait(false);
        var run = new AppTestRun(_manager, sandbox, suite, options, access, observer);
        await using (run.ConfigureAwait(false))
        {
            var activity = $"Testing {sandbox} by {suite.Name}";
            try
            {
                var start = await run.StartAsync(cancellationToken).ConfigureAwait(false);
                yield return start;

                var made = 0;
                foreach (var check in wanted)
                {
                    observer.Report(new OperationProgress(activity, check.Name) { Done = made++, Total = wanted.Count });
                    if (start.Status == AppTestStatus.Failed)
                    {
                        foreach (var skipped in run.Skip(check, "The app is not ready."))
                            yield return skipped;

                        continue;
                    }

                    await foreach (var result in run.MakeAsync(check, cancellationToken).ConfigureAwait(false))
                        yield return result;
                }
            }
            finally
            {
                observer.Report(new OperationProgress(activity, "") { Completed = true });
            }
        }
    }

    private static bool IsWanted(SuiteCheck check, AppTestOptions options) =>
        (options.Check?.Invoke(check.Name) ?? true) && (options.Tags.Count == 0 || check.Tags.Any(tag => options.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase)));
}
