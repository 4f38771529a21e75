namespace FlourishaSandbox.Host.Tests.Serving;

/// <summary>All that came back on a connection.</summary>
/// <param name="Text">The bytes, one character each.</param>
internal sealed record RawAnswer(string Text)
{
    /// <summary>A name that is no sandbox's, which the last request of a connection asks for.</summary>
    public const string LastHost = "nobody.invalid";

    /// <summary>The first answer's status; 0 where the connection was closed without one.</summary>
    public int Status => Text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(Text.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture) : 0;

    /// <summary>The statuses of all answers.</summary>
    public IReadOnlyList<int> Statuses => [.. Text.Split("HTTP/1.1 ").Skip(1).Select(part => int.Parse(part.AsSpan(0, 3), System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>Without what differs from one second to the next.</summary>
    public string Undated => string.Join("\r\n", Text.Split("\r\n").Where(line => !line.StartsWith("Date:", StringComparison.Ordinal)));
}
