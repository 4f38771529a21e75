using System.Globalization;
using System.Text.RegularExpressions;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Scheduling;

/// <summary>A line of the user's crontab, known by the mark at its end. All other lines stay as they are.</summary>
/// <param name="tool">Runs crontab.</param>
internal sealed partial class CronScheduler(ScheduleTool tool) : IScheduler
{
    private const string Mark = "# flourisha-cleanup";

    /// <inheritdoc/>
    public CleanupSchedule Plan(ScheduleOptions options, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment)
    {
        var words = environment.Select(variable => $"{variable.Key}={ScheduleWords.QuoteForShell(variable.Value)}").Concat(command.Select(ScheduleWords.QuoteForShell));

        // To cron a percent sign is an end of line. It sends by mail what is written; what is removed is not worth one, an error is.
        return new CleanupSchedule
        {
            Kind = ScheduleKind.Cron,
            Location = "crontab",
            Every = options.Every,
            Command = command,
            Environment = environment,
            Text = $"{When(options.Every)} {string.Join(' ', words).Replace("%", "\\%", StringComparison.Ordinal)} >/dev/null {Mark}\n",
        };
    }

    /// <inheritdoc/>
    public async Task<CleanupSchedule?> FindAsync(CancellationToken cancellationToken)
    {
        var line = (await ReadAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(IsOurs);
        if (line is null)
            return null;

        var fields = line.Split(' ', 6);
        var words = ScheduleWords.Split(fields[^1].Replace("\\%", "%", StringComparison.Ordinal)[..^Mark.Length].Trim()).Where(word => word != ">/dev/null").ToList();
        return new CleanupSchedule
        {
            Kind = ScheduleKind.Cron,
            Location = "crontab",
            Every = EveryOf(fields),
            Command = [.. words.SkipWhile(word => Variable().IsMatch(word))],
            Environment = words.TakeWhile(word => Variable().IsMatch(word)).Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]),
            Text = line + "\n",
        };
    }

    /// <inheritdoc/>
    public async Task WriteAsync(CleanupSchedule schedule, CancellationToken cancellationToken)
    {
        var others = (await ReadAsync(cancellationToken).ConfigureAwait(false)).Where(line => !IsOurs(line));
        await SaveAsync([.. others, schedule.Text.TrimEnd('\n')], cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        var lines = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (lines.Any(IsOurs))
            await SaveAsync([.. lines.Where(line => !IsOurs(line))], cancellationToken).ConfigureAwait(false);
    }

    // Cron knows minutes of an hour and hours of a day, so both must divide evenly.
    private static string When(TimeSpan every)
    {
        var minutes = (int)every.TotalMinutes;
        return minutes switch
        {
            1 => "* * * * *",
            < 60 when 60 % minutes == 0 => string.Create(CultureInfo.InvariantCulture, $"*/{minutes} * * * *"),
            60 => "0 * * * *",
            1440 => "0 0 * * *",
            _ when minutes % 60 == 0 && 1440 % minutes == 0 => string.Create(CultureInfo.InvariantCulture, $"0 */{minutes / 60} * * *"),
            _ => throw InvalidOption.Create("Every", every, "cannot be told to cron", "Give minutes that divide an hour (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30m) or hours that divide a day (1, 2, 3, 4, 6, 8, 12, 24h)."),
        };
    }

    private static TimeSpan EveryOf(string[] fields)
    {
        static int Step(string field) => field.StartsWith("*/", StringComparison.Ordinal) && int.TryParse(field[2..], NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : 1;
        return fields[0] != "0" ? TimeSpan.FromMinutes(Step(fields[0])) : fields[1] == "0" ? TimeSpan.FromDays(1) : TimeSpan.FromHours(Step(fields[1]));
    }

    private static bool IsOurs(string line) => line.EndsWith(Mark, StringComparison.Ordinal);

    private async Task<IReadOnlyList<string>> ReadAsync(CancellationToken cancellationToken)
    {
        var (exitCode, output, error) = await tool.TryAsync("crontab", ["-l"], input: null, cancellationToken).ConfigureAwait(false);
        if (exitCode == 0)
            return output.TrimEnd('\n') is { Length: > 0 } text ? text.Split('\n') : [];

        // Not one line, and no crontab at all, are told as a failure.
        return error.Contains("no crontab", StringComparison.OrdinalIgnoreCase) ? [] : throw ScheduleTool.Failed("crontab -l", error);
    }

    private Task SaveAsync(IReadOnlyList<string> lines, CancellationToken cancellationToken) =>
        lines.Count == 0
            ? tool.RunAsync("crontab", ["-r"], input: null, cancellationToken)
            : tool.RunAsync("crontab", ["-"], string.Join('\n', lines) + "\n", cancellationToken);

    [GeneratedRegex(@"\A[A-Z_][A-Z0-9_]*=")]
    private static partial Regex Variable();
}
