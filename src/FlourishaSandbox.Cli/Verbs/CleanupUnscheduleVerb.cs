using FlourishaSandbox.Scheduling;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Takes the schedule away.</summary>
internal sealed class CleanupUnscheduleVerb : Verb
{
    /// <summary>Creates the verb.</summary>
    public CleanupUnscheduleVerb()
        : base("unschedule", "Takes back what 'cleanup schedule' did. Where there is nothing to take back, that is as wanted.", "docker-sandbox cleanup unschedule")
    {
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var removed = await CleanupScheduler.ForThisMachine().UnregisterAsync(cancellationToken);
        session.Note(removed is null ? "There was no schedule." : $"Taken away: {removed}.");
        return ExitCodes.Success;
    }
}
