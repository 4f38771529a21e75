namespace FlourishaSandbox.Scheduling;

/// <summary>One way in which machines run things by the clock.</summary>
internal interface IScheduler
{
    /// <summary>What would be written down; nothing is touched.</summary>
    CleanupSchedule Plan(ScheduleOptions options, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment);

    /// <summary>What is written down; null where nothing is.</summary>
    Task<CleanupSchedule?> FindAsync(CancellationToken cancellationToken);

    /// <summary>Writes it down, in place of what was.</summary>
    Task WriteAsync(CleanupSchedule schedule, CancellationToken cancellationToken);

    /// <summary>Takes it away; what is not there is no error.</summary>
    Task RemoveAsync(CancellationToken cancellationToken);
}
