using System.ComponentModel;
using System.Globalization;
using FlourishaSandbox.Audit;
using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox;

/// <summary>How values look in the module's tables. Called by FlourishaSandbox.Format.ps1xml, because compiled code formats faster than script.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Display
{
    private const int SnippetLength = 60;
    private const int NamedProcesses = 5;

    /// <summary>How long ago something was, in its greatest unit.</summary>
    /// <param name="time">When it was.</param>
    /// <returns>For example <c>5m</c>.</returns>
    public static string Age(DateTimeOffset time) => Span(DateTimeOffset.UtcNow - time);

    /// <summary>How long it is until something.</summary>
    /// <param name="time">When it is; null for never.</param>
    /// <returns>For example <c>in 54m</c>, <c>over</c> or <c>never</c>.</returns>
    public static string Until(DateTimeOffset? time) =>
        time is null ? "never" : time <= DateTimeOffset.UtcNow ? "over" : $"in {Span(time.Value - DateTimeOffset.UtcNow)}";

    /// <summary>A size in binary units.</summary>
    /// <param name="bytes">The size in bytes.</param>
    /// <returns>For example <c>1.5 MB</c>.</returns>
    public static string Size(long bytes)
    {
        string[] units = ["B", "KB", "MB", "GB", "TB"];
        double value = bytes;
        var unit = 0;
        while (Math.Round(value, 1) >= 1024 && unit < units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return value.ToString(unit == 0 ? "0" : "0.#", CultureInfo.CurrentCulture) + " " + units[unit];
    }

    /// <summary>A duration.</summary>
    /// <param name="span">The duration.</param>
    /// <returns>For example <c>340 ms</c> or <c>2.5 s</c>.</returns>
    public static string Duration(TimeSpan span) =>
        Math.Round(span.TotalMilliseconds) < 1000
            ? span.TotalMilliseconds.ToString("0", CultureInfo.CurrentCulture) + " ms"
            : span.TotalSeconds.ToString("0.0", CultureInfo.CurrentCulture) + " s";

    /// <summary>The ports of a sandbox.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <returns>For example <c>32768->8000, 32769->3000</c>.</returns>
    public static string Ports(Sandbox sandbox)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        return string.Join(", ", sandbox.Ports);
    }

    /// <summary>What a sandbox was made from.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <returns>The template's name, or the image's.</returns>
    public static string Origin(Sandbox sandbox)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        return sandbox.Template ?? sandbox.Image;
    }

    /// <summary>What runs a sandbox's commands.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <returns>The agent's version, or what takes its place.</returns>
    public static string Agent(Sandbox sandbox)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        return sandbox.AgentVersion ?? "none: commands go through the Docker Engine";
    }

    /// <summary>How an event ended.</summary>
    /// <param name="one">The event.</param>
    /// <returns>For example <c>ok</c>, <c>exit 1</c> or <c>TimedOut</c>; the engine's events say that they are the engine's.</returns>
    public static string Result(SandboxEvent one)
    {
        ArgumentNullException.ThrowIfNull(one);
        return one.DescribeResult();
    }

    /// <summary>What an event was about, in a line.</summary>
    /// <param name="one">The event.</param>
    /// <returns>The command or path, else all that is known.</returns>
    public static string What(SandboxEvent one)
    {
        ArgumentNullException.ThrowIfNull(one);
        return Clean(one.DescribeDetail());
    }

    /// <summary>How a check came out, with a mark that is seen among many.</summary>
    /// <param name="status">How it came out.</param>
    /// <returns>For example <c>✓ Passed</c>.</returns>
    public static string Status(AppTestStatus status) => status switch
    {
        AppTestStatus.Passed => "✓ Passed",
        AppTestStatus.Failed => "✕ Failed",
        _ => "– Skipped",
    };

    /// <summary>A share in percent.</summary>
    /// <param name="percent">The share.</param>
    /// <returns>For example <c>12.5%</c>.</returns>
    public static string Percent(double percent) => percent.ToString("0.0", CultureInfo.CurrentCulture) + "%";

    /// <summary>The limit for which something was ended, as it stands where an exit code would.</summary>
    /// <param name="limit">The limit.</param>
    /// <returns>For example <c>memory</c>.</returns>
    public static string Limit(LimitKind limit) => limit.ToString().ToLowerInvariant();

    /// <summary>How much of something is used.</summary>
    /// <param name="used">Bytes that are used.</param>
    /// <param name="limit">Bytes that may be used; 0 for no limit.</param>
    /// <returns>For example <c>12 MB of 2 GB</c>.</returns>
    public static string Share(long used, long limit) => limit > 0 ? $"{Size(used)} of {Size(limit)}" : Size(used);

    /// <summary>The processes that were ended together.</summary>
    /// <param name="processes">The processes; their names are their own.</param>
    /// <returns>For example <c>sh (12), node (17)</c>.</returns>
    public static string Ended(IReadOnlyList<EndedProcess> processes)
    {
        ArgumentNullException.ThrowIfNull(processes);
        return Clean(string.Join(", ", processes));
    }

    /// <summary>What was killed, as the end of a sentence; nothing where nobody knows.</summary>
    internal static string Killed(IReadOnlyList<EndedProcess>? processes) =>
        processes is not { Count: > 0 } ? "" : $": {Ended([.. processes.Take(NamedProcesses)])}{(processes.Count > NamedProcesses ? $" and {processes.Count - NamedProcesses} more" : "")}";

    /// <summary>The first line of a command's output, or of its errors where it wrote no output.</summary>
    /// <param name="result">The result.</param>
    /// <returns>At most 60 characters, without control characters.</returns>
    public static string Snippet(CommandResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var text = (result.OutputBytes.Length > 0 ? result.Output : result.Error).TrimStart('\r', '\n');
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        var line = end < 0 ? text : text[..end];
        var isCut = line.Length > SnippetLength || text.TrimEnd('\r', '\n').Length > line.Length;
        var length = line.Length <= SnippetLength ? line.Length : char.IsHighSurrogate(line[SnippetLength - 1]) ? SnippetLength - 1 : SnippetLength;
        return Clean(line[..length]) + (isCut ? "…" : "");
    }

    /// <summary>Text from a sandbox without the characters that would steer a terminal.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The text with U+FFFD for each control character but the tab.</returns>
    public static string Clean(string text) => Clean(text, kept: "\t");

    /// <summary>Text of several lines from a sandbox without the characters that would steer a terminal.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The text with U+FFFD for each control character but tabs and line breaks.</returns>
    public static string CleanLines(string text) => Clean(text, kept: "\t\r\n");

    private static string Clean(string text, string kept)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.Create(text.Length, (text, kept), static (clean, source) =>
        {
            for (var i = 0; i < clean.Length; i++)
                clean[i] = char.IsControl(source.text[i]) && !source.kept.Contains(source.text[i], StringComparison.Ordinal) ? '\uFFFD' : source.text[i];
        });
    }

    private static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, span.TotalSeconds):0}s"),
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(span.TotalMinutes):0}m"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(span.TotalHours):0}h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(span.TotalDays):0}d"),
    };
}
