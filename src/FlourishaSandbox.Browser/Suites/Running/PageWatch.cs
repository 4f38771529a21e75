using System.Globalization;
using System.Text;
using FlourishaSandbox.Browser.Driving;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Suites.Running;

/// <summary>
/// Hears what a page writes to its console and which of its requests fail, and keeps the page from what nobody is there for: dialogs are dismissed,
/// further windows closed. What is kept is bounded.
/// </summary>
internal sealed class PageWatch
{
    private const int MaximumMessages = 500;
    private const int MaximumLength = 2000;
    private const int MaximumPopups = 10;

    private readonly object _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<string> _errors = [];
    private readonly List<(string Url, string Problem)> _requests = [];
    private int _dropped;
    private int _popups;

    /// <summary>Begins to hear.</summary>
    /// <param name="context">The page's profile, in which nothing was opened yet.</param>
    /// <param name="page">The page.</param>
    public PageWatch(IBrowserContext context, IPage page)
    {
        page.Console += (_, message) => Add(message.Type, message.Text, IsError(message));
        page.PageError += (_, error) => Add("exception", error, isError: true);
        page.Crash += (_, _) => Add("crash", "The page crashed: its browser may have had no memory left.", isError: true);
        page.Dialog += (_, dialog) =>
        {
            Add("dialog", $"{dialog.Type}: {dialog.Message}", isError: false);
            dialog.DismissAsync().Forget();
        };
        page.RequestFailed += (_, request) => AddRequest(request.Url, request.Failure ?? "failed");
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
                AddRequest(response.Url, string.Create(CultureInfo.InvariantCulture, $"status {response.Status}"));
        };
        context.Page += (_, other) =>
        {
            // A link to another window is no fault; a page that opens windows for ever is cut off.
            if (other != page && (Interlocked.Increment(ref _popups) > MaximumPopups || other.Context == context))
                other.CloseAsync().Forget();
        };
    }

    /// <summary>Everything, a line each.</summary>
    public string Transcript
    {
        get
        {
            lock (_lock)
            {
                var text = new StringBuilder();
                foreach (var line in _lines.Concat(_requests.Select(request => $"[request] {request.Problem}: {request.Url}")))
                    text.AppendLine(line);

                if (_dropped > 0)
                    text.AppendLine(CultureInfo.InvariantCulture, $"and {_dropped} more, which were not kept");

                return text.ToString();
            }
        }
    }

    /// <summary>What is wrong by a suite's rules.</summary>
    /// <param name="rules">The rules.</param>
    /// <returns>A sentence for each; none where all is well.</returns>
    public IReadOnlyList<string> Judge(ConsoleRules rules)
    {
        lock (_lock)
        {
            var requests = _requests.Where(request => !ConsoleRules.Matches(rules.AllowedRequests, request.Url)).Select(request => $"{Excerpt.Of(request.Url)} failed: {Excerpt.Of(request.Problem, 100)}");
            return [.. _errors.Where(error => !ConsoleRules.Matches(rules.Allowed, error)).Select(error => Excerpt.Of(error)).Concat(requests).Distinct()];
        }
    }

    // The browser's own line for a request that failed says less than what is kept of the request.
    private static bool IsError(IConsoleMessage message) => message.Type == "error" && !message.Text.StartsWith("Failed to load resource:", StringComparison.Ordinal);

    private void Add(string kind, string text, bool isError)
    {
        var cut = text.Length > MaximumLength ? text[..MaximumLength] + "…" : text;
        lock (_lock)
        {
            if (_lines.Count < MaximumMessages)
                _lines.Add($"[{kind}] {cut}");
            else
                _dropped++;

            if (isError && _errors.Count < MaximumMessages)
                _errors.Add(cut);
        }
    }

    private void AddRequest(string url, string problem)
    {
        // What a page breaks off itself, by leaving or by a new request in place of the old one, has not failed.
        if (problem.Contains("ERR_ABORTED", StringComparison.Ordinal) || url.EndsWith("/favicon.ico", StringComparison.Ordinal))
            return;

        lock (_lock)
        {
            if (_requests.Count < MaximumMessages)
                _requests.Add((url.Length > MaximumLength ? url[..MaximumLength] + "…" : url, problem));
            else
                _dropped++;
        }
    }
}
