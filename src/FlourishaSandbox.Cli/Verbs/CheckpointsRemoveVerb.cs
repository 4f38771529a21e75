using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Removes checkpoints.</summary>
internal sealed class CheckpointsRemoveVerb : Verb
{
    private readonly Argument<string[]> _names = new("NAME") { HelpName = "NAME", Description = "The checkpoints' names.", Arity = ArgumentArity.OneOrMore };

    /// <summary>Creates the verb.</summary>
    public CheckpointsRemoveVerb()
        : base("rm", "Removes checkpoints, and prints their names. Sandboxes that were made from them go on.", "docker-sandbox checkpoints rm ready") => Add(_names);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var removal = await SideBySide.RunAsync(session.Parse.GetRequiredValue(_names).Distinct(), async (name, token) =>
        {
            var checkpoint = await session.Manager.Checkpoints.GetAsync(name, token);
            await session.Manager.Checkpoints.RemoveAsync(checkpoint, session.Observer, token);
            return checkpoint;
        }, undo: null, cancellationToken);
        if (session.Json)
            session.WriteDocument(removal.Results, CliJson.Default.IReadOnlyListSandboxCheckpoint);
        else
            session.WriteLines(removal.Results.Select(checkpoint => checkpoint.Name));

        return removal.Report(session);
    }
}
