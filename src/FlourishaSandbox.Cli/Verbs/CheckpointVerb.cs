using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Keeps a sandbox's files under a name.</summary>
internal sealed class CheckpointVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string> _name = new("NAME") { HelpName = "NAME", Description = "The checkpoint's name, unique on the engine." };
    private readonly Option<bool> _force = CommonOptions.Flag("--force", "Take the place of a checkpoint that has this name.");

    /// <summary>Creates the verb.</summary>
    public CheckpointVerb()
        : base(
            "checkpoint",
            "Keeps a sandbox's files under a name, for init --checkpoint, and prints the name. What it has in volumes and in memory is not among them.",
            "docker-sandbox checkpoint $ID ready",
            "docker-sandbox checkpoint $ID ready && docker-sandbox init --checkpoint ready")
    {
        Add(_sandbox);
        Add(_name);
        Add(_force);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        var checkpoint = await session.Manager.Checkpoints.CreateAsync(sandbox, session.Parse.GetRequiredValue(_name), session.Parse.GetValue(_force), session.Observer, cancellationToken);
        if (session.Json)
            session.WriteDocument(checkpoint, CliJson.Default.SandboxCheckpoint);
        else
            session.WriteLine(checkpoint.Name);

        return ExitCodes.Success;
    }
}
