using System.Globalization;
using System.Text;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Scheduling;

/// <summary>A timer of systemd and the service that it starts.</summary>
/// <param name="tool">Runs systemctl.</param>
/// <param name="folder">Where units are; null for the user's own, or the machine's for root.</param>
internal sealed class SystemdScheduler(ScheduleTool tool, string? folder = null) : IScheduler
{
    private const string Name = "flourisha-cleanup";
    private const string Command = "ExecStart=";
    private const string Period = "OnUnitActiveSec=";

    private readonly bool _isSystem = ScheduleTool.IsRoot;

    private string Folder => folder ?? (_isSystem
        ? "/etc/systemd/system"
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "systemd", "user"));

    private string Timer => Path.Combine(Folder, Name + ".timer");

    private string Service => Path.Combine(Folder, Name + ".service");

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
        var seconds = Values(timer, Period).FirstOrDefault()?.TrimEnd('s');
        return new CleanupSchedule
        {
            Kind = ScheduleKind.Systemd,
            Location = Timer,
            Every = double.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var span) ? TimeSpan.FromSeconds(span) : TimeSpan.Zero,
            Command = [.. ScheduleWords.Split(Values(service, Command).FirstOrDefault() ?? "").Select(word => word.Replace("%%", "%", StringComparison.Ordinal).Replace("$$", "$", StringComparison.Ordinal))],
            Text = $"# {Service}\n{service}\n# {Timer}\n{timer}",
        };
    }

    /// <inheritdoc/>
    public async Task WriteAsync(CleanupSchedule schedule, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(Service, ServiceText(schedule.Command, schedule.Environment), cancellationToken).ConfigureAwait(false);
        await File.WriteAllTextAsync(Timer, TimerText(schedule.Every), cancellationToken).ConfigureAwait(false);
        try
        {
            await tool.RunAsync("systemctl", [.. Scope, "daemon-reload"], input: null, cancellationToken).ConfigureAwait(false);
            await tool.RunAsync("systemctl", [.. Scope, "enable", "--now", Name + ".timer"], input: null, cancellationToken).ConfigureAwait(false);
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
            await tool.RunAsync("systemctl", [.. Scope, "disable", "--now", Name + ".timer"], input: null, cancellationToken).ConfigureAwait(false);

        File.Delete(Timer);
        File.Delete(Service);
        await tool.RunAsync("systemctl", [.. Scope, "daemon-reload"], input: null, cancellationToken).ConfigureAwait(false);
    }

    private string[] Scope => _isSystem ? [] : ["--user"];

    private static string ServiceText(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment)
    {
        var text = new StringBuilder("[Unit]\nDescription=Removes stale sandboxes\n\n[Service]\nType=oneshot\n");
        foreach (var (name, value) in environment)
            text.Append("Environment=").Append(Quote($"{name}={value}", isCommand: false)).Append('\n');

        return text.Append(Command).AppendJoin(' ', command.Select(word => Quote(word, isCommand: true))).Append('\n').ToString();
    }

    private static string TimerText(TimeSpan every) => string.Create(CultureInfo.InvariantCulture,
        $"[Unit]\nDescription=Removes stale sandboxes every {Duration.Describe(every)}\n\n[Timer]\nOnActiveSec=60s\n{Period}{every.TotalSeconds:0}s\nAccuracySec=10s\n\n[Install]\nWantedBy=timers.target\n");

    // Percent signs are specifiers everywhere, dollar signs variables in commands.
    private static string Quote(string word, bool isCommand)
    {
        var escaped = word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal);
        return $"\"{(isCommand ? escaped.Replace("$", "$$", StringComparison.Ordinal) : escaped)}\"";
    }

    private static IEnumerable<string> Values(string unit, string key) => unit.Split('\n').Where(line => line.StartsWith(key, StringComparison.Ordinal)).Select(line => line[key.Length..].Trim());
}
