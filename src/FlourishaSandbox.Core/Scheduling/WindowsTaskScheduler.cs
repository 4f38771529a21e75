using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace FlourishaSandbox.Scheduling;

/// <summary>A scheduled task of Windows.</summary>
/// <param name="tool">Runs schtasks.</param>
internal sealed class WindowsTaskScheduler(ScheduleTool tool) : IScheduler
{
    private const string Name = @"FlourishaSandbox\Cleanup";

    private static readonly XNamespace s_task = "http://schemas.microsoft.com/windows/2004/02/mit/task";

    /// <inheritdoc/>
    public CleanupSchedule Plan(ScheduleOptions options, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment)
    {
        // A task has no variables of its own: a shell sets them first. In there a quote is doubled, and nothing else has a meaning.
        IReadOnlyList<string> run = environment.Count == 0
            ? command
            : ["powershell.exe", "-NoProfile", "-NonInteractive", "-WindowStyle", "Hidden", "-Command", string.Join("; ", environment.Select(variable => $"$env:{variable.Key} = {Quote(variable.Value)}").Append($"& {string.Join(' ', command.Select(Quote))}"))];
        return new CleanupSchedule { Kind = ScheduleKind.TaskScheduler, Location = Name, Every = options.Every, Command = command, Environment = environment, Text = Write(options.Every, run) };
    }

    /// <inheritdoc/>
    public async Task<CleanupSchedule?> FindAsync(CancellationToken cancellationToken)
    {
        var (exitCode, output, _) = await tool.TryAsync("schtasks", ["/Query", "/TN", Name, "/XML"], input: null, cancellationToken).ConfigureAwait(false);
        return exitCode == 0 ? Read(output) : null;
    }

    /// <inheritdoc/>
    public async Task WriteAsync(CleanupSchedule schedule, CancellationToken cancellationToken)
    {
        var file = Path.Combine(Path.GetTempPath(), $"flourisha-cleanup-{Guid.NewGuid():N}.xml");
        try
        {
            await File.WriteAllTextAsync(file, schedule.Text, Encoding.Unicode, cancellationToken).ConfigureAwait(false);
            await tool.RunAsync("schtasks", ["/Create", "/TN", Name, "/XML", file, "/F"], input: null, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken).ConfigureAwait(false) is not null)
            await tool.RunAsync("schtasks", ["/Delete", "/TN", Name, "/F"], input: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The schedule that a task's XML says; null where it says none.</summary>
    internal static CleanupSchedule? Read(string xml)
    {
        var root = XDocument.Parse(xml.TrimStart('\uFEFF')).Root;
        var every = root?.Descendants(s_task + "Interval").FirstOrDefault()?.Value;
        var program = root?.Descendants(s_task + "Command").FirstOrDefault()?.Value;
        return every is null || program is null ? null : new CleanupSchedule
        {
            Kind = ScheduleKind.TaskScheduler,
            Location = Name,
            Every = XmlConvert.ToTimeSpan(every),
            Command = [program, .. root!.Descendants(s_task + "Arguments").Select(arguments => arguments.Value)],
            Text = xml,
        };
    }

    // For the user, while he is logged on; one at a time, and a late one rather than none.
    private static string Write(TimeSpan every, IReadOnlyList<string> run) => "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n" + new XElement(s_task + "Task",
        new XAttribute("version", "1.2"),
        new XElement(s_task + "RegistrationInfo", new XElement(s_task + "Description", "Removes stale sandboxes.")),
        new XElement(s_task + "Triggers", new XElement(s_task + "TimeTrigger",
            new XElement(s_task + "Repetition", new XElement(s_task + "Interval", string.Create(CultureInfo.InvariantCulture, $"PT{every.TotalMinutes:0}M"))),
            new XElement(s_task + "StartBoundary", "2020-01-01T00:00:00"),
            new XElement(s_task + "Enabled", "true"))),
        new XElement(s_task + "Settings",
            new XElement(s_task + "MultipleInstancesPolicy", "IgnoreNew"),
            new XElement(s_task + "DisallowStartIfOnBatteries", "false"),
            new XElement(s_task + "StopIfGoingOnBatteries", "false"),
            new XElement(s_task + "StartWhenAvailable", "true"),
            new XElement(s_task + "ExecutionTimeLimit", "PT1H")),
        new XElement(s_task + "Actions", new XElement(s_task + "Exec",
            new XElement(s_task + "Command", run[0]),
            new XElement(s_task + "Arguments", string.Join(' ', run.Skip(1).Select(ScheduleWords.QuoteForWindows)))))) + "\n";

    private static string Quote(string word) => $"'{word.Replace("'", "''", StringComparison.Ordinal)}'";
}
