using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Reads a file in a sandbox.</summary>
internal sealed class FilesReadVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string> _path = CommonOptions.Path("The file.");

    /// <summary>Creates the verb.</summary>
    public FilesReadVerb()
        : base(
            "read",
            "Writes a file of a sandbox to standard output, byte for byte. With --json it is text where it is UTF-8, else base64.",
            "docker-sandbox files read $ID /workspace/main.py",
            "docker-sandbox files read $ID chart.png > chart.png",
            "docker-sandbox files read $ID main.py --json | jq -r .text")
    {
        Add(_sandbox);
        Add(_path);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var path = session.Parse.GetRequiredValue(_path);
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        if (session.Json)
        {
            session.WriteDocument(ContentDocument.For(path, await FileText.ReadAsync(session, sandbox, path, cancellationToken)), CliJson.Default.ContentDocument);
            return ExitCodes.Success;
        }

        await using var content = await session.Manager.Files.OpenReadAsync(sandbox, path, cancellationToken);
        await content.CopyToAsync(StandardStream.Output, cancellationToken);
        return ExitCodes.Success;
    }
}
