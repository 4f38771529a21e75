using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Makes folders in a sandbox.</summary>
internal sealed class FilesMkdirVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string[]> _paths = new("PATH") { Description = "The folders; those above them are made too, and those that are there stay as they are.", Arity = ArgumentArity.OneOrMore };

    /// <summary>Creates the verb.</summary>
    public FilesMkdirVerb()
        : base(
            "mkdir",
            "Makes folders in a sandbox, which belong to its user.",
            "docker-sandbox files mkdir $ID /workspace/src/app",
            "docker-sandbox files mkdir $ID src test docs")
    {
        Add(_sandbox);
        Add(_paths);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        foreach (var path in session.Parse.GetRequiredValue(_paths))
            await session.Manager.Files.MakeDirectoryAsync(sandbox, path, cancellationToken);

        if (session.Json)
            session.WriteDocument([.. session.Parse.GetRequiredValue(_paths)], CliJson.Default.IReadOnlyListString);

        return ExitCodes.Success;
    }
}
