using FlourishaSandbox.Browser.Cli.Json;
using FlourishaSandbox.Cli;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>Prints what a page wrote to its console, and which of its requests failed.</summary>
internal sealed class BrowserConsoleVerb : BrowserVerb
{
    /// <summary>Creates the verb.</summary>
    public BrowserConsoleVerb()
        : base(
            "console",
            "Prints what a page wrote to its console, what was kept from it (dialogs, windows, downloads), and which of its requests failed.",
            "docker-sandbox browser console",
            "docker-sandbox browser console --json | jq '.failedRequests'") =>
        AddPageOptions();

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, SandboxPages pages, CancellationToken cancellationToken)
    {
        var page = await FindPageAsync(session, pages, cancellationToken);
        var messages = await pages.ReadMessagesAsync(page, session.Observer, cancellationToken);
        if (session.Json)
        {
            session.WriteDocument(new ConsoleDocument(page.Id, messages.Messages, messages.Requests, messages.Dropped), BrowserJson.Default.ConsoleDocument);
            return ExitCodes.Success;
        }

        session.WriteLines(messages.Messages.Select(message => (message.Time, Line: $"{message}"))
            .Concat(messages.Requests.Select(request => (request.Time, Line: $"[request] {request}")))
            .OrderBy(line => line.Time).Select(line => Printable.Lines(line.Line)));
        if (messages.Dropped > 0)
            session.Note($"It said more than is kept: {messages.Dropped} earlier lines are gone.");
        else if (messages.Messages.Count + messages.Requests.Count == 0)
            session.Note("It wrote nothing, and none of its requests failed.");

        return ExitCodes.Success;
    }
}
