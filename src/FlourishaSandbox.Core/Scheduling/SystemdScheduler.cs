using System.Globalization;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Scheduling;

/// <summary>A timer of systemd and the service that it starts.</summary>
/// <param name="tool">Runs systemctl.</param>
/// <param name="folder">Where units are; null for the user's own, or the machine's for root.</param>
internal sealed class SystemdScheduler(ScheduleTool tool, string? folder = null) : IScheduler
{
    private const string Name = "flourisha-cleanup";
    private const string Period = "OnUnitActiveSec=";

    private readonly string _folder = folder ?? SystemdUnits.Folder;

    private string Timer => Path.Combine(_folder, Name + ".timer");

    private string Service => Path.Combine(_folder, Name + ".service");

    /// <inheritdoc/>
    public CleanupSchedule Plan(ScheduleOptions options, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment) => new()
    {
        Kind = ScheduleKind.Systemd,
        Location = Timer,
        Every = options.Every,
        Command = command,
        Environment = environment,
        Text = $"# {Service}\n{ServiceText(command, environment)}\n# {Timer}\n{TimerText(options.Every)}",
    };

    /// <inheritdoc/>
    public async Task<CleanupSchedule?> FindAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Timer) || !File.Exists(Service))
            return null;

        var service = await File.ReadAllTextAsync(Service, cancellationToken).ConfigureAwait(false);
        var timer = await File.ReadAllTextAsync(Timer, cancellationToken).ConfigureAwait(false);
        var seconds = SystemdUnits.Values(timer, Period).FirstOrDefault()?.TrimEnd('s');
        return new CleanupSchedule
        {
            Kind = ScheduleKind.Systemd,
            Location = Timer,
            Every = double.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var span) ? TimeSpan.FromSeconds(span) : TimeSpan.Zero,
            Command = SystemdUnits.ReadCommand(service),
            Text = $"# {Service}\n{service}\n# {Timer}\n{timer}",
        };
    }

    /// <inheritdoc/>
    public async Task WriteAsync(CleanupSchedule schedule, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Service, ServiceText(schedule.Command, schedule.Environment), cancellationToken).ConfigureAwait(false);
        await File.WriteAllTextAsync(Timer, TimerText(schedule.Every), cancellationToken).ConfigureAwait(false);
        try
        {
            await tool.RunAsync("systemctl", [.. SystemdUnits.Scope, "daemon-reload"], input: null, cancellationToken).ConfigureAwait(false);
            await tool.RunAsync("systemctl", [.. SystemdUnits.Scope, "enable", "--now", Name + ".timer"], input: null, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // A timer that does not run is none.
            File.Delete(Timer);
            File.Delete(Service);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Timer) && !File.Exists(Service))
            return;

        if (File.Exists(Timer))
            await tool.RunAsync("systemctl", [.. SystemdUnits.Scope, "disable", "--now", Name + ".timer"], input: null, cancellationToken).ConfigureAwait(false);

        File.Delete(Timer);
        File.Delete(Service);
        await tool.RunAsync("systemctl", [.. SystemdUnits.Scope, "daemon-reload"], input: null, cancellationToken).ConfigureAwait(false);
    }

    private static string ServiceText(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment) =>
        $"[Unit]\nDescription=Removes stale sandboxes\n\n[Service]\nType=oneshot\n{SystemdUnits.Lines(command, environment)}";

    private static string TimerText(TimeSpan every) => string.Create(CultureInfo.InvariantCulture,
        $"[Unit]\nDescription=Removes stale sandboxes every {Duration.Describe(every)}\n\n[Timer]\nOnActiveSec=60s\n{Period}{every.TotalSeconds:0}s\nAccuracySec=10s\n\n[Install]\nWantedBy=timers.target\n");
}
