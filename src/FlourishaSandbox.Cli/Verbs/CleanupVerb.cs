using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Removes sandboxes that nobody needs any more.</summary>
internal sealed class CleanupVerb : Verb
{
    private readonly Option<TimeSpan?> _olderThan = CommonOptions.Duration("--older-than", "Also those that were made so long ago, whatever their deadline; running ones only with --force.");
    private readonly Option<bool> _all = CommonOptions.Flag("--all", "Other people's too.");
    private readonly Option<bool> _force = CommonOptions.Flag("--force", "Take also those that run and whose deadline is to come, where --older-than says so.");
    private readonly Option<bool> _dryRun = CommonOptions.Flag("--dry-run", "Only say what would be removed, and why.");

    /// <summary>Creates the verb.</summary>
    public CleanupVerb()
        : base(
            "cleanup",
            "Removes stale sandboxes: past their deadline, ended, or never started. Names each with the reason.",
            "docker-sandbox cleanup --dry-run",
            "docker-sandbox cleanup --older-than 2h --force",
            "*/10 * * * * docker-sandbox cleanup --all")
    {
        Add(_olderThan);
        Add(_all);
        Add(_force);
        Add(_dryRun);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var dryRun = session.Parse.GetValue(_dryRun);
        var found = await session.Manager.FindStaleAsync(session.Parse.GetValue(_olderThan), session.Parse.GetValue(_all), cancellationToken);
        var spared = session.Parse.GetValue(_force) ? [] : found.Where(one => one.IsInUse).ToList();
        foreach (var one in spared)
            session.Note($"{one.Sandbox.Name} is left alone: {one.Reason}, but it runs and its deadline is to come. Use --force to remove it.");

        var removal = await SideBySide.RunAsync(found.Except(spared), async (one, token) =>
        {
            if (!dryRun)
                await session.Manager.RemoveAsync(one.Sandbox, session.Observer, token);

            return one;
        }, undo: null, cancellationToken);

        Write(session, removal.Results, dryRun);
        return removal.Report(session);
    }

    private static void Write(Session session, IReadOnlyList<StaleSandbox> stale, bool dryRun)
    {
        if (session.Json)
        {
            session.WriteDocument([.. stale.Select(one => new RemovalDocument(one.Sandbox.Id, one.Sandbox.Name, one.Reason, Removed: !dryRun))], CliJson.Default.IReadOnlyListRemovalDocument);
            return;
        }

        var table = new Table("ID", "NAME", "REASON");
        foreach (var one in stale)
            table.Add(one.Sandbox.ShortId, one.Sandbox.Name, one.Reason);

        session.WriteTable(table, "No sandbox is stale.");
        if (stale.Count > 0)
            session.Note($"{Counts.Sandboxes(stale.Count)} {(dryRun ? "would be " : "")}removed.");
    }
}
