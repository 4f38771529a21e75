using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using FlourishaSandbox.Browser.Driving;
using FlourishaSandbox.Browser.Suites.Checks;
using FlourishaSandbox.Sandboxes;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Suites.Running;

/// <summary>One run of a suite: what its checks share, and how each becomes results.</summary>
internal sealed class AppTestRun : IAsyncDisposable
{
    private const int MostNamed = 3;

    // A command has a limit of its own, and says what it wrote until then. Ours is for what does not come back even so.
    private static readonly TimeSpan s_commandGrace = TimeSpan.FromSeconds(15);

    private readonly SandboxManager _manager;
    private readonly Sandbox _sandbox;
    private readonly AppTestSuite _suite;
    private readonly AppTestOptions _options;
    private readonly AppAccess _access;
    private readonly OperationObserver _observer;
    private readonly SuiteVariables _variables;
    private readonly AppStarter _starter;
    private BrowserLease? _browser;
    private Uri? _appUrl;
    private CheckFailedException? _browserProblem;
    private int _made;

    /// <summary>Begins a run.</summary>
    public AppTestRun(SandboxManager manager, Sandbox sandbox, AppTestSuite suite, AppTestOptions options, AppAccess access, OperationObserver observer)
    {
        _manager = manager;
        _sandbox = sandbox;
        _suite = suite;
        _options = options;
        _access = access;
        _observer = observer;
        _variables = new SuiteVariables(suite.Content.Variables);
        _starter = new AppStarter(manager, sandbox, suite.Content.App, _variables, observer);
    }

    /// <summary>Sees to it that the app answers.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The result.</returns>
    public Task<AppTestResult> StartAsync(CancellationToken cancellationToken) => MakeAsync(
        Blank("The app answers", AppTestKind.Start, []),
        Timeout.InfiniteTimeSpan,
        async (scope, token) => scope.Note = await _starter.EnsureAsync(_access, token).ConfigureAwait(false),
        new CheckScope(FolderFor("start", null)),
        cancellationToken);

    /// <summary>Makes a check, in each place where it is to be made.</summary>
    /// <param name="check">The check.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Its results.</returns>
    public async IAsyncEnumerable<AppTestResult> MakeAsync(SuiteCheck check, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var timeout = check.Timeout ?? _suite.Content.Timeout;
        foreach (var blank in BlanksFor(check))
        {
            var scope = new CheckScope(FolderFor(check.Name, blank.Where));
            PageWatch? watch = null;
            yield return await MakeAsync(
                blank,
                check is CommandCheck ? timeout + s_commandGrace : timeout,
                (_, token) => check switch
                {
                    CommandCheck command => new CommandRunner(_manager, _sandbox, _variables).RunAsync(command, timeout, _observer, token),
                    ApiCheck api => new ApiRunner(_access, _variables).RunAsync(api, blank.Origin!.Value, token),
                    PageCheck page => MakePageAsync(page, blank.Viewport!, scope, opened => watch = opened, token),
                    _ => throw new ArgumentOutOfRangeException(nameof(check)),
                },
                scope,
                cancellationToken).ConfigureAwait(false);

            if (watch is not null && check is StoryCheck && _suite.Content.Console.IsChecked)
                yield return Judge(blank, watch);
        }
    }

    /// <summary>The results of a check that is not made.</summary>
    /// <param name="check">The check.</param>
    /// <param name="reason">Why it is not, as a sentence.</param>
    /// <returns>Its results.</returns>
    public IEnumerable<AppTestResult> Skip(SuiteCheck check, string reason) => BlanksFor(check).Select(blank => blank with { Status = AppTestStatus.Skipped, Message = reason });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_browser is not null)
                await _browser.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            // The app goes whatever becomes of the browser: Ctrl+C ends what drives it too.
            await _starter.DisposeAsync().ConfigureAwait(false);
        }
    }

    private IEnumerable<AppTestResult> BlanksFor(SuiteCheck check)
    {
        var blank = Blank(check.Name, check.Kind, check.Tags);
        return check switch
        {
            ApiCheck api => api.Origins.Select(origin => blank with { Origin = origin }),
            PageCheck page => page.Viewports.Select(viewport => blank with { Viewport = viewport.Name }),
            _ => [blank],
        };
    }

    private AppTestResult Blank(string name, AppTestKind kind, IReadOnlyList<string> tags) =>
        new() { Sandbox = _sandbox, Suite = Excerpt.Of(_suite.Name), Name = Excerpt.Of(name), Kind = kind, Status = AppTestStatus.Skipped, Tags = tags };

    private string FolderFor(string name, string? where) =>
        Path.Combine(Path.GetFullPath(_options.EvidenceFolder), string.Create(CultureInfo.InvariantCulture, $"{++_made:00}-{Slug.Of(name)}{(where is null ? "" : "-" + Slug.Of(where))}"));

    private async Task MakePageAsync(PageCheck check, string viewport, CheckScope scope, Action<PageWatch> onOpened, CancellationToken cancellationToken)
    {
        if (_browserProblem is not null)
            throw new CheckFailedException(_browserProblem.Message, _browserProblem);

        try
        {
            _browser ??= await BrowserLease.TakeAsync(_manager, _options.Browser, _observer, cancellationToken).ConfigureAwait(false);
            _appUrl ??= await _browser.ReachAsync(_sandbox, _access.Port, cancellationToken).ConfigureAwait(false);
        }
        catch (SandboxException e)
        {
            // Said by every check that needs one, but found out once: it may have taken a minute.
            _browserProblem = new CheckFailedException($"There is no browser: {e.Message}{(e.Remedy is null ? "" : $" {e.Remedy}")}", e);
            throw _browserProblem;
        }

        await new PageRunner(_browser, _suite, _appUrl, _options, _variables).RunAsync(check, check.Viewports.First(one => one.Name == viewport), scope, onOpened, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<AppTestResult> MakeAsync(AppTestResult blank, TimeSpan timeout, Func<CheckScope, CancellationToken, Task> make, CheckScope scope, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        string? problem = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (timeout != Timeout.InfiniteTimeSpan)
            limit.CancelAfter(timeout);

        try
        {
            await make(scope, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            problem = $"It did not end within {Pages.StoryPage.Seconds(timeout)}.";
        }
        catch (CheckFailedException e)
        {
            problem = e.Message;
        }
        catch (SandboxException e)
        {
            problem = $"{Excerpt.Of(e.Message)}{(e.Remedy is null ? "" : $" {e.Remedy}")}";
        }
        catch (Exception e) when (e is PlaywrightException or System.TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            problem = Pages.PlaywrightWords.Of(e);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return blank with
        {
            Status = problem is null ? AppTestStatus.Passed : AppTestStatus.Failed,
            Duration = watch.Elapsed,
            Message = problem ?? scope.Note,
            Steps = scope.Steps,
            Pictures = scope.Files.Pictures,
            Evidence = scope.Files.Files,
        };
    }

    private AppTestResult Judge(AppTestResult story, PageWatch watch)
    {
        var wrong = watch.Judge(_suite.Content.Console);
        return story with
        {
            Kind = AppTestKind.Console,
            Status = wrong.Count == 0 ? AppTestStatus.Passed : AppTestStatus.Failed,
            Duration = TimeSpan.Zero,
            Message = wrong.Count == 0 ? null : $"{(wrong.Count == 1 ? "" : $"{wrong.Count} errors: ")}{string.Join(" | ", wrong.Take(MostNamed))}{(wrong.Count > MostNamed ? " | …" : "")}",
        };
    }
}
