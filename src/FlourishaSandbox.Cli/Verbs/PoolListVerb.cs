using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Pools;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Lists pools.</summary>
internal sealed class PoolListVerb : Verb
{
    private readonly Option<bool> _all = CommonOptions.Flag("--all", "Other people's too.");

    /// <summary>Creates the verb.</summary>
    public PoolListVerb()
        : base("list", "Lists the pools, and how many sandboxes wait in each.", "docker-sandbox pool list", "docker-sandbox pool list --json")
        => Add(_all);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var all = session.Parse.GetValue(_all);
        Write(session, await session.Manager.Pools.ListAsync(all, cancellationToken), all);
        return ExitCodes.Success;
    }

    /// <summary>Writes pools as a table, or as one document.</summary>
    public static void Write(Session session, IReadOnlyList<SandboxPool> pools, bool withOwners)
    {
        if (session.Json)
        {
            session.WriteDocument([.. pools.Select(PoolDocument.From)], CliJson.Default.IReadOnlyListPoolDocument);
            return;
        }

        var table = withOwners ? new Table("NAME", ">SIZE", ">READY", ">STARTING", ">OUTDATED", "OWNER") : new Table("NAME", ">SIZE", ">READY", ">STARTING", ">OUTDATED");
        foreach (var one in pools)
        {
            string[] cells = [one.Name, $"{one.Size}", $"{one.Ready}", $"{one.Starting}", $"{one.Outdated}"];
            table.Add(withOwners ? [.. cells, one.Owner] : cells);
        }

        session.WriteTable(table, "There is no pool; 'docker-sandbox pool set' makes one.");
    }
}
