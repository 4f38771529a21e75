using System.Globalization;
using FlourishaSandbox.Browser.Cli.Json;
using FlourishaSandbox.Cli;
using FlourishaSandbox.Cli.Terminal;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>Lists the pages that are open.</summary>
internal sealed class BrowserListVerb : BrowserVerb
{
    /// <summary>Creates the verb.</summary>
    public BrowserListVerb()
        : base(
            "list",
            "Lists the pages that are open, the one that was used last first.",
            "docker-sandbox browser list",
            "docker-sandbox browser list --json | jq -r '.[].id'")
    {
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, SandboxPages pages, CancellationToken cancellationToken)
    {
        var open = await pages.ListAsync(cancellationToken);
        if (session.Json)
        {
            session.WriteDocument([.. open.Select(PageDocument.For)], BrowserJson.Default.IReadOnlyListPageDocument);
            return ExitCodes.Success;
        }

        var table = new Table("PAGE", "APP", ">STATUS", "VIEWPORT", "TITLE", "URL");
        foreach (var page in open)
            table.Add(page.Id, page.App ?? "", page.Status?.ToString(CultureInfo.InvariantCulture) ?? "", page.Viewport, page.Title, page.Url);

        session.WriteTable(table, "No page is open.");
        return ExitCodes.Success;
    }
}
