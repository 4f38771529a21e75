using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Says whether something is at a path in a sandbox.</summary>
internal sealed class FilesExistsVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string> _path = CommonOptions.Path("The file or folder.");

    /// <summary>Creates the verb.</summary>
    public FilesExistsVerb()
        : base(
            "exists",
            "Prints whether something is at a path: 'true' with exit code 0, or 'false' with exit code 1.",
            "docker-sandbox files exists $ID /workspace/main.py",
            "docker-sandbox files exists $ID done.flag > /dev/null && echo ready")
    {
        Add(_sandbox);
        Add(_path);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var path = session.Parse.GetRequiredValue(_path);
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        var exists = await session.Manager.Files.FindAsync(sandbox, path, cancellationToken) is not null;
        if (session.Json)
            session.WriteDocument(new ExistsDocument(path, exists), CliJson.Default.ExistsDocument);
        else
            session.WriteLine(exists ? "true" : "false");

        return exists ? ExitCodes.Success : ExitCodes.Failure;
    }
}
