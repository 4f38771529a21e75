using System.CommandLine;
using FlourishaSandbox.Cli;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Verbs;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>A verb that works with pages. Each call is a process of its own, and takes up the page that earlier ones opened.</summary>
internal abstract class BrowserVerb : Verb
{
    // What a click has set going gets out through this process only.
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(3);

    private readonly Option<string?> _page = new("--page") { Description = "The page, by its id. Default: the one that was used last.", HelpName = "PAGE" };
    private readonly Option<TimeSpan?> _timeout = CommonOptions.Duration("--timeout", "How long it may take (then exit code 124). Default: 30s.");

    /// <summary>Names a verb.</summary>
    /// <param name="name">As it is typed.</param>
    /// <param name="description">What it does.</param>
    /// <param name="examples">Calls for its help, the plainest first.</param>
    protected BrowserVerb(string name, string description, params IReadOnlyList<string> examples)
        : base(name, description, examples)
    {
    }

    /// <summary>Adds the options by which a page and a time are given.</summary>
    protected void AddPageOptions()
    {
        Add(_page);
        Add(_timeout);
    }

    /// <summary>How long it may take.</summary>
    protected TimeSpan TimeoutOf(Session session) => session.Parse.GetValue(_timeout) ?? PageOptions.DefaultTimeout;

    /// <summary>The page's id that was given; null where none was.</summary>
    protected string? GivenPage(Session session) => session.Parse.GetValue(_page);

    /// <summary>The page that is meant.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.PageNotFound"/>: none is open.</exception>
    protected async Task<PageReference> FindPageAsync(Session session, SandboxPages pages, CancellationToken cancellationToken)
    {
        if (Options.Contains(_page) && GivenPage(session) is { } id)
            return ToReference(id);

        return await pages.ListAsync(cancellationToken) is [var latest, ..]
            ? new PageReference(latest)
            : throw new SandboxException(SandboxError.PageNotFound, "No page is open.", remedy: "Open one with 'docker-sandbox browser nav ID -p PORT'.");
    }

    /// <summary>A page by its id.</summary>
    /// <exception cref="SandboxException">The text is empty, as of a variable that was never set.</exception>
    protected static PageReference ToReference(string id) =>
        string.IsNullOrWhiteSpace(id) ? throw new SandboxException(SandboxError.InvalidOption, "The page's id is empty.", id, "Is the variable set that it was to come from?") : new PageReference(id);

    /// <summary>Does it, with pages that are let go of afterwards.</summary>
    protected abstract Task<int> RunAsync(Session session, SandboxPages pages, CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        await using var pages = new SandboxPages(session.Manager) { Settling = s_settling };
        return await RunAsync(session, pages, cancellationToken);
    }
}
