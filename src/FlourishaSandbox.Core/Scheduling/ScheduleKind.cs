namespace FlourishaSandbox.Scheduling;

/// <summary>What a machine runs things by the clock with.</summary>
public enum ScheduleKind
{
    /// <summary>A timer of systemd, the machine's own for root, else the user's.</summary>
    Systemd,

    /// <summary>A line of the user's crontab.</summary>
    Cron,

    /// <summary>A scheduled task of Windows.</summary>
    TaskScheduler,
}
