using System.Text;

namespace FlourishaSandbox.Scheduling;

/// <summary>Units of systemd: where they are, and how they are written.</summary>
internal static class SystemdUnits
{
    /// <summary>The key of what a service runs.</summary>
    public const string Command = "ExecStart=";

    /// <summary>Whether systemd runs this machine.</summary>
    public static bool IsRunning => Directory.Exists("/run/systemd/system");

    /// <summary>Where units are: the machine's for root, else the user's own.</summary>
    public static string Folder => ScheduleTool.IsRoot
        ? "/etc/systemd/system"
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "systemd", "user");

    /// <summary>What tells systemctl that the user's own are meant.</summary>
    public static IReadOnlyList<string> Scope => ScheduleTool.IsRoot ? [] : ["--user"];

    /// <summary>The lines of a service that say what runs, and with which variables.</summary>
    public static string Lines(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in environment)
            text.Append("Environment=").Append(Quote($"{name}={value}", isCommand: false)).Append('\n');

        // The first word alone may have no quotes, and there no dollar sign is doubled.
        IReadOnlyList<string> words = command[0].AsSpan().IndexOfAny("\"'\\$") < 0 ? command : ["/usr/bin/env", .. command];
        return text.Append(Command).AppendJoin(' ', words.Select(word => Quote(word, isCommand: true))).Append('\n').ToString();
    }

    /// <summary>The command that a service's text has.</summary>
    public static IReadOnlyList<string> ReadCommand(string unit) =>
        [.. ScheduleWords.Split(Values(unit, Command).FirstOrDefault() ?? "").Select(word => word.Replace("%%", "%", StringComparison.Ordinal).Replace("$$", "$", StringComparison.Ordinal))];

    /// <summary>The values that a unit's text has for a key, which ends in an equals sign.</summary>
    public static IEnumerable<string> Values(string unit, string key) => unit.Split('\n').Where(line => line.StartsWith(key, StringComparison.Ordinal)).Select(line => line[key.Length..].Trim());

    // Percent signs are specifiers everywhere, dollar signs variables in commands.
    private static string Quote(string word, bool isCommand)
    {
        var escaped = word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal);
        return $"\"{(isCommand ? escaped.Replace("$", "$$", StringComparison.Ordinal) : escaped)}\"";
    }
}
