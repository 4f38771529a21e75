using System.Text;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Suites.Running;

/// <summary>Sees to it that the app answers, starts it where it does not run, and ends what it started.</summary>
/// <param name="manager">Starts and ends.</param>
/// <param name="sandbox">The sandbox.</param>
/// <param name="app">The app.</param>
/// <param name="variables">The suite's variables.</param>
/// <param name="observer">Hears of it.</param>
internal sealed class AppStarter(SandboxManager manager, Sandbox sandbox, AppUnderTest app, SuiteVariables variables, OperationObserver observer) : IAsyncDisposable
{
    private const int MaximumWords = 1000;
    private const string Unstarted = " Start it first, or add app.start to the suite.";
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(30);

    // A server that ends badly has this long; what it leaves is killed.
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(15);
    private SandboxProcess? _started;

    /// <summary>Waits until the app answers, and starts it first where it does not and the suite says how.</summary>
    /// <param name="access">Reaches it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A word on what was done; null where it ran already.</returns>
    /// <exception cref="CheckFailedException">It does not become ready.</exception>
    public async Task<string?> EnsureAsync(AppAccess access, CancellationToken cancellationToken)
    {
        var path = variables.Expand(app.Ready);
        var answer = await access.AskAsync(path, cancellationToken).ConfigureAwait(false);
        if (answer is null)
            return null;

        if (app.Start is not null)
        {
            _started = await StartAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            observer.Verbose($"Started the app in sandbox '{sandbox}' as process {_started.Id}.");
        }

        if (access.Address is { } address)
            await WaitAsync(address, path, cancellationToken).ConfigureAwait(false);
        else
            await WaitInsideAsync(access, path, answer, cancellationToken).ConfigureAwait(false);

        return _started is null ? null : $"Started by '{Excerpt.Of(app.Start!, 100)}'.";
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_started is null)
            return;

        using var limit = new CancellationTokenSource(s_stopLimit);
        try
        {
            await manager.Processes.StopAsync(sandbox, new ProcessReference(_started), SandboxProcesses.DefaultGrace, observer, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SandboxException or OperationCanceledException)
        {
            // The sandbox may be gone meanwhile, and with it the app; the results are what counts.
            observer.Verbose($"The app that was started in sandbox '{sandbox}' was not ended: {e.Message}");
        }
    }

    // Never half: of what was interrupted while it was started, nobody would know what to end.
    private async Task<SandboxProcess> StartAsync()
    {
        using var limit = new CancellationTokenSource(s_startLimit);
        try
        {
            return await manager.Processes.StartAsync(sandbox, Request(), new ProcessOptions(), observer, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            throw new CheckFailedException($"The app was not started within {Pages.StoryPage.Seconds(s_startLimit)}: its sandbox does not answer.", e);
        }
    }

    private CommandRequest Request() => new()
    {
        Command = variables.Expand(app.Start!),
        WorkingDirectory = app.WorkingDirectory is null ? null : variables.Expand(app.WorkingDirectory),
        Environment = app.Environment.ToDictionary(pair => pair.Key, pair => variables.Expand(pair.Value)),
    };

    // By the way that users have, with all that can be told about why it does not answer.
    private async Task WaitAsync(HostAddress address, string path, CancellationToken cancellationToken)
    {
        try
        {
            await manager.Hosts.WaitAsync(address, path, app.Timeout, observer, cancellationToken).ConfigureAwait(false);
        }
        catch (SandboxException e) when (e.Error is SandboxError.TimedOut or SandboxError.AppEnded)
        {
            throw new CheckFailedException($"{Excerpt.Of(e.Message, MaximumWords)}{(app.Start is null ? Unstarted : "")}", e);
        }
    }

    private async Task WaitInsideAsync(AppAccess access, string path, string answer, CancellationToken cancellationToken)
    {
        var limit = DateTime.UtcNow + app.Timeout;
        while (DateTime.UtcNow < limit)
        {
            // One that ends well may have left a server behind.
            if (_started is not null && await manager.Processes.GetAsync(sandbox, new ProcessReference(_started), cancellationToken).ConfigureAwait(false) is { State: ProcessState.Ended, ExitCode: not 0 } ended)
                throw new CheckFailedException($"The app ended with exit code {ended.ExitCode} before it answered.{await LastWordsAsync(cancellationToken).ConfigureAwait(false)}");

            if (await access.AskAsync(path, cancellationToken).ConfigureAwait(false) is not { } problem)
                return;

            answer = problem;
            await Task.Delay(s_interval, cancellationToken).ConfigureAwait(false);
        }

        throw new CheckFailedException($"The app did not become ready within {Pages.StoryPage.Seconds(app.Timeout)}: {answer}.{(app.Start is null ? Unstarted : await LastWordsAsync(cancellationToken).ConfigureAwait(false))}");
    }

    private async Task<string> LastWordsAsync(CancellationToken cancellationToken)
    {
        using var output = new CommandOutputBuffer(limit: 4 << 20);
        await manager.Processes.ReceiveAsync(sandbox, new ProcessReference(_started!), fromStart: true, follow: false, output, OperationObserver.None, cancellationToken).ConfigureAwait(false);
        var text = Encoding.UTF8.GetString((output.Error.Length > 0 ? output.Error : output.Output).Span).Trim();
        return text.Length == 0 ? " It wrote nothing." : $" It wrote {Excerpt.Quote(text.Length > 400 ? "…" + text[^400..] : text)}.";
    }
}
