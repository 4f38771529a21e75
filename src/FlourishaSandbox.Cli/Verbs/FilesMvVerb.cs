using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Moves a file or folder in a sandbox.</summary>
internal sealed class FilesMvVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string> _source = new("SOURCE") { Description = "The file or folder." };
    private readonly Argument<string> _destination = new("DESTINATION") { Description = "Its new path. An existing folder, or a path that ends in '/', is moved into." };

    /// <summary>Creates the verb.</summary>
    public FilesMvVerb()
        : base(
            "mv",
            "Moves or renames a file or folder in a sandbox.",
            "docker-sandbox files mv $ID draft.md final.md",
            "docker-sandbox files mv $ID report.pdf /workspace/out/")
    {
        Add(_sandbox);
        Add(_source);
        Add(_destination);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var (source, destination) = (session.Parse.GetRequiredValue(_source), session.Parse.GetRequiredValue(_destination));
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        var moved = await session.Manager.Files.MoveAsync(sandbox, source, destination, cancellationToken);
        if (session.Json)
            session.WriteDocument(new MoveDocument(source, moved), CliJson.Default.MoveDocument);

        return ExitCodes.Success;
    }
}
