using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Lists checkpoints.</summary>
internal sealed class CheckpointsListVerb : Verb
{
    private readonly Option<bool> _all = CommonOptions.Flag("--all", "Other people's too.");

    /// <summary>Creates the verb.</summary>
    public CheckpointsListVerb()
        : base("list", "Lists checkpoints, oldest first.", "docker-sandbox checkpoints list", "docker-sandbox checkpoints list --all --json") => Add(_all);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var found = await session.Manager.Checkpoints.ListAsync(session.Parse.GetValue(_all), cancellationToken);
        if (session.Json)
        {
            session.WriteDocument(found, CliJson.Default.IReadOnlyListSandboxCheckpoint);
            return ExitCodes.Success;
        }

        var table = new Table("NAME", "SOURCE", "TEMPLATE", "AGE");
        foreach (var one in found)
            table.Add(one.Name, one.Source, one.Template ?? "", Sandboxes.Duration.Describe(DateTimeOffset.UtcNow - one.CreatedAt));

        session.WriteTable(table, "There are no checkpoints.");
        return ExitCodes.Success;
    }
}
