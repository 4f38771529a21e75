using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Tells what is at a path in a sandbox.</summary>
internal sealed class FilesInfoVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string> _path = CommonOptions.Path("The file or folder; a link is shown itself.");

    /// <summary>Creates the verb.</summary>
    public FilesInfoVerb()
        : base(
            "info",
            "Tells what is at a path in a sandbox. Times are UTC.",
            "docker-sandbox files info $ID /workspace/main.py",
            "docker-sandbox files info $ID main.py --json | jq .size")
    {
        Add(_sandbox);
        Add(_path);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var path = session.Parse.GetRequiredValue(_path);
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        var item = await session.Manager.Files.FindAsync(sandbox, path, cancellationToken)
            ?? throw new SandboxException(SandboxError.PathNotFound, $"There is nothing at '{path}' in sandbox '{sandbox}'.", path, "List the folder with files ls.");

        if (session.Json)
            session.WriteDocument(FileDocument.For(item), CliJson.Default.FileDocument);
        else
            session.WriteTable(FileTable.For([item], item => item.Path), "");

        return ExitCodes.Success;
    }
}
