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
    private readonly Option<bool> _force = CommonOptions.Flag("--force", "Take also those that may be in use: that run before their deadline where --older-than says so, or whose agent does not answer.");
    private readonly Option<bool> _dryRun = CommonOptions.Flag("--dry-run", "Only say what would be removed, and why.");

    /// <summary>Creates the verb.</summary>
    public CleanupVerb()
        : base(
            "cleanup",
            "Removes stale sandboxes (past their deadline, ended, never started, or of a process that was killed) and what others left. Names each with the reason.",
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
        var (olderThan, force, dryRun) = (session.Parse.GetValue(_olderThan), session.Parse.GetValue(_force), session.Parse.GetValue(_dryRun));
        var found = await session.Manager.Cleanup.FindAsync(olderThan, session.Parse.GetValue(_all), cancellationToken);
        var removal = await SideBySide.RunAsync(found.Where(item => force || !item.IsInUse), (item, token) =>
            dryRun ? Task.FromResult(item) : session.Manager.Cleanup.RemoveAsync(item, olderThan, force, session.Observer, token), undo: null, cancellationToken);

        foreach (var spared in found.Where(item => item.IsInUse && !force).Concat(removal.Results.Where(item => item.IsInUse && !item.Removed && !dryRun)))
            session.Note($"{spared.Name} is left alone: {spared.Reason}. It may be in use: --force removes it all the same.");

        Write(session, [.. removal.Results.Where(item => item.Removed || dryRun)], dryRun);
        return removal.Report(session);
    }

    private static void Write(Session session, IReadOnlyList<StaleItem> stale, bool dryRun)
    {
        if (session.Json)
        {
            session.WriteDocument([.. stale.Select(item => new StaleDocument(item.Kind, item.Id, item.Name, item.Reason, item.Removed))], CliJson.Default.IReadOnlyListStaleDocument);
            return;
        }

        var table = new Table("KIND", "ID", "NAME", "REASON");
        foreach (var item in stale)
            table.Add(item.Kind.ToString(), item.Sandbox?.ShortId ?? item.Id[..Math.Min(item.Id.Length, 12)], item.Name, item.Reason);

        session.WriteTable(table, "Nothing is stale.");
        if (stale.Count > 0)
            session.Note($"{(stale.All(item => item.Kind == StaleKind.Sandbox) ? Counts.Sandboxes(stale.Count) : $"{stale.Count} things")} {(dryRun ? "would be " : "")}removed.");
    }
}
