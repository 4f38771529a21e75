namespace FlourishaSandbox.Browser.Suites.Pages;

/// <summary>What Playwright says when something fails, without its call log.</summary>
internal static class PlaywrightWords
{
    /// <summary>The first line of what went wrong.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <returns>A sentence.</returns>
    public static string Of(Exception exception)
    {
        var line = exception.Message.Split('\n').Select(text => text.Trim()).FirstOrDefault(text => text.Length > 0 && !text.StartsWith('=')) ?? exception.GetType().Name;
        return Excerpt.Of(line).TrimEnd('.') + ".";
    }

    /// <summary>Why an action waited until its time was over, where the call log says so.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <returns>A sentence with a space before it, or nothing.</returns>
    public static string Hindrance(Exception exception)
    {
        string[] reasons = ["intercepts pointer events", "is not visible", "is not enabled", "is not stable", "is not editable", "is outside of the viewport", "did not find some options"];
        var line = exception.Message.Split('\n').Select(text => text.Trim().TrimStart('-', ' ')).LastOrDefault(text => reasons.Any(reason => text.Contains(reason, StringComparison.Ordinal)));
        return line is null ? "" : $" {Excerpt.Of(char.ToUpperInvariant(line[0]) + line[1..]).TrimEnd('.')}.";
    }
}
