using FlourishaSandbox.Browser.Cli.Json;
using FlourishaSandbox.Cli;
using FlourishaSandbox.Cli.Terminal;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>Starts the browser in its sandbox, so that the first page is there sooner.</summary>
internal sealed class BrowserStartVerb : BrowserVerb
{
    /// <summary>Creates the verb.</summary>
    public BrowserStartVerb()
        : base(
            "start",
            "Starts the browser in its sandbox, where it does not run yet, and prints the sandbox's name. Others start it by themselves.",
            "docker-sandbox browser start")
    {
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, SandboxPages pages, CancellationToken cancellationToken)
    {
        var sandbox = await pages.StartBrowserAsync(session.Observer, cancellationToken);
        if (session.Json)
        {
            session.WriteDocument(new BrowserDocument(sandbox.Name, sandbox.Id, sandbox.Deadline), BrowserJson.Default.BrowserDocument);
            return ExitCodes.Success;
        }

        session.WriteLine(sandbox.Name);
        session.Note($"Ends {TimeText.Deadline(sandbox.Deadline, DateTimeOffset.UtcNow)}, where nobody uses it.");
        return ExitCodes.Success;
    }
}
