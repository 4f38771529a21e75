using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Scheduling;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Has this machine clean up by the clock.</summary>
internal sealed class CleanupScheduleVerb : Verb
{
    private readonly Option<TimeSpan?> _every = CommonOptions.Duration("--every", "How often: whole minutes, from 1m to 1d. Default: 15m.");
    private readonly Option<TimeSpan?> _olderThan = CommonOptions.Duration("--older-than", "Also sandboxes that were made so long ago, unless they run before their deadline.");
    private readonly Option<bool> _all = CommonOptions.Flag("--all", "Other people's too.");
    private readonly Option<bool> _dryRun = CommonOptions.Flag("--dry-run", "Only say what would be written down, and where.");

    /// <summary>Creates the verb.</summary>
    public CleanupScheduleVerb()
        : base(
            "schedule",
            "Has this machine run the clean-up by the clock, with the settings that hold now: by systemd where it runs, the task scheduler on Windows, else cron.",
            "docker-sandbox cleanup schedule --every 15m",
            "docker-sandbox cleanup schedule --every 1h --older-than 24h --all --dry-run")
    {
        Add(_every);
        Add(_olderThan);
        Add(_all);
        Add(_dryRun);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var options = new ScheduleOptions { OlderThan = session.Parse.GetValue(_olderThan), AllOwners = session.Parse.GetValue(_all) };
        if (session.Parse.GetValue(_every) is { } every)
            options = options with { Every = every };

        var scheduler = CleanupScheduler.ForThisMachine();
        var plan = scheduler.Plan(options, [Environment.ProcessPath ?? "docker-sandbox"], isPowerShell: false);
        var dryRun = session.Parse.GetValue(_dryRun);
        if (!dryRun)
            await scheduler.RegisterAsync(plan, cancellationToken);

        if (session.Json)
            session.WriteDocument(plan, CliJson.Default.CleanupSchedule);
        else
            session.WriteLine(dryRun ? plan.Text.TrimEnd('\n') : plan.ToString());

        return ExitCodes.Success;
    }
}
