using System.CommandLine;
using FlourishaSandbox.Browser.Cli.Json;
using FlourishaSandbox.Cli;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>Closes pages, or the browser.</summary>
internal sealed class BrowserCloseVerb : BrowserVerb
{
    private readonly Argument<string[]> _pages = new("PAGE") { HelpName = "PAGE", Description = "The pages, by their ids. Default: the one that was used last.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> _all = CommonOptions.Flag("--all", "Remove the browser's sandbox, with all pages in it.");

    /// <summary>Creates the verb.</summary>
    public BrowserCloseVerb()
        : base(
            "close",
            "Closes pages, or with --all the browser. A page that hangs goes too.",
            "docker-sandbox browser close",
            "docker-sandbox browser close $PAGE",
            "docker-sandbox browser close --all")
    {
        Add(_pages);
        Add(_all);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, SandboxPages pages, CancellationToken cancellationToken)
    {
        var given = session.Parse.GetValue(_pages) ?? [];
        var all = session.Parse.GetValue(_all);
        if (all && given.Length > 0)
            throw new SandboxException(SandboxError.InvalidOption, "--all closes every page, and some are named.", given[0], "Leave one of the two out.");

        var closed = new List<string>();
        if (all)
            await pages.CloseBrowserAsync(session.Observer, cancellationToken);
        else if (given.Length == 0)
            closed.Add(await CloseAsync(session, pages, await FindPageAsync(session, pages, cancellationToken), cancellationToken));

        foreach (var id in given)
            closed.Add(await CloseAsync(session, pages, ToReference(id), cancellationToken));

        if (session.Json)
            session.WriteDocument(new ClosedDocument(closed, all), BrowserJson.Default.ClosedDocument);

        return ExitCodes.Success;
    }

    private static async Task<string> CloseAsync(Session session, SandboxPages pages, PageReference page, CancellationToken cancellationToken)
    {
        await pages.CloseAsync(page, session.Observer, cancellationToken);
        return page.Id;
    }
}
