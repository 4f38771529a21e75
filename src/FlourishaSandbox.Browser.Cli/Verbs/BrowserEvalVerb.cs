using System.CommandLine;
using System.Text.Json;
using FlourishaSandbox.Browser.Cli.Json;
using FlourishaSandbox.Cli;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>Runs JavaScript in a page.</summary>
internal sealed class BrowserEvalVerb : BrowserVerb
{
    private readonly Argument<string> _script = new("SCRIPT") { HelpName = "SCRIPT", Description = "JavaScript: statements, of which the last gives the answer, or a function, which is called. What it promises is waited for." };

    /// <summary>Creates the verb.</summary>
    public BrowserEvalVerb()
        : base(
            "eval",
            "Runs JavaScript in a page and prints what comes of it: a text as it is, all else as JSON. A script that takes too long is ended.",
            "docker-sandbox browser eval document.title",
            "docker-sandbox browser eval '[...document.querySelectorAll(\"li\")].map(item => item.innerText)'",
            "docker-sandbox browser eval 'async () => (await fetch(\"/api/history\")).json()' --timeout 5s")
    {
        Add(_script);
        AddPageOptions();
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, SandboxPages pages, CancellationToken cancellationToken)
    {
        var page = await FindPageAsync(session, pages, cancellationToken);
        var answer = await pages.EvaluateAsync(page, session.Parse.GetRequiredValue(_script), TimeoutOf(session), session.Observer, cancellationToken);
        if (!session.Json && answer.ValueKind == JsonValueKind.String)
            session.WriteLine(Printable.Lines(answer.GetString()!));
        else
            session.WriteDocument(answer, BrowserJson.Default.JsonElement);

        return ExitCodes.Success;
    }
}
