using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Scheduling;

/// <summary>Has this machine clean up by the clock, in the way that fits it. Throws <see cref="SandboxException"/> where it fails.</summary>
public sealed class CleanupScheduler
{
    private readonly IScheduler _scheduler;

    internal CleanupScheduler(IScheduler scheduler) => _scheduler = scheduler;

    /// <summary>The way that fits this machine: systemd where it runs, the task scheduler on Windows, else cron.</summary>
    /// <returns>The scheduler.</returns>
    public static CleanupScheduler ForThisMachine()
    {
        var tool = new ScheduleTool();
        return new CleanupScheduler(OperatingSystem.IsWindows() ? new WindowsTaskScheduler(tool) : SystemdUnits.IsRunning ? new SystemdScheduler(tool) : new CronScheduler(tool));
    }

    /// <summary>What would be written down, with the settings that hold now. Nothing is touched.</summary>
    /// <param name="options">What the clean-up is to do.</param>
    /// <param name="program">The command line's program, or a PowerShell and its words; the clean-up's own words are added.</param>
    /// <param name="isPowerShell">Whether the words are added as the module's cmdlet takes them.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>.</exception>
    public CleanupSchedule Plan(ScheduleOptions options, IReadOnlyList<string> program, bool isPowerShell)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(program);
        options.Validate();
        var seconds = options.OlderThan is { } age ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{age.TotalSeconds:0}") : null;
        IReadOnlyList<string> command = isPowerShell
            ? [.. program.SkipLast(1), $"{program[^1]}; Clear-StaleSandbox -Confirm:$false{(seconds is null ? "" : $" -OlderThan {seconds}")}{(options.AllOwners ? " -All" : "")}"]
            : [.. program, "cleanup", "--json", .. seconds is null ? [] : (string[])["--older-than", $"{seconds}s"], .. options.AllOwners ? (string[])["--all"] : []];
        return _scheduler.Plan(options, command, ScheduleVariables.OfCleanup());
    }

    /// <summary>What is written down; null where nothing is.</summary>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <returns>The schedule.</returns>
    public Task<CleanupSchedule?> FindAsync(CancellationToken cancellationToken) => TranslateAsync(() => _scheduler.FindAsync(cancellationToken));

    /// <summary>Writes a schedule down, in place of the one that there is.</summary>
    /// <param name="schedule">As <see cref="Plan"/> made it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.ScheduleFailed"/>.</exception>
    public Task<CleanupSchedule> RegisterAsync(CleanupSchedule schedule, CancellationToken cancellationToken) => TranslateAsync(async () =>
    {
        await _scheduler.WriteAsync(schedule, cancellationToken).ConfigureAwait(false);
        return schedule;
    });

    /// <summary>Takes the schedule away; where there is none, that is as wanted.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What there was; null where nothing was.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.ScheduleFailed"/>.</exception>
    public Task<CleanupSchedule?> UnregisterAsync(CancellationToken cancellationToken) => TranslateAsync(async () =>
    {
        var before = await _scheduler.FindAsync(cancellationToken).ConfigureAwait(false);
        await _scheduler.RemoveAsync(cancellationToken).ConfigureAwait(false);
        return before;
    });

    private static async Task<T> TranslateAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException(SandboxError.ScheduleFailed, $"The schedule cannot be written: {e.Message}", innerException: e);
        }
    }
}
