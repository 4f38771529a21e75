using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites;

/// <summary>What the person in front of all pages has chosen.</summary>
internal sealed record BrowserChoice
{
    /// <summary>Light or dark.</summary>
    public SuiteColorScheme ColorScheme { get; init; }

    /// <summary>The language, such as <c>de-DE</c>.</summary>
    public string Locale { get; init; } = "en-US";

    /// <summary>The time zone, such as <c>Europe/Berlin</c>.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Reads it.</summary>
    public static BrowserChoice Read(SuiteFields suite)
    {
        var nothing = new BrowserChoice();
        if (suite.Find("browser") is not { } node)
            return nothing;

        var fields = new SuiteFields(suite.Source, node, SuiteShapes.Browser);
        return new BrowserChoice
        {
            ColorScheme = fields.Word<SuiteColorScheme>("colorScheme") ?? nothing.ColorScheme,
            Locale = Checked(fields, "locale", "Write a language such as de-DE.") ?? nothing.Locale,
            TimeZone = Checked(fields, "timeZone", "Write a time zone such as Europe/Berlin.") ?? nothing.TimeZone,
        };
    }

    private static string? Checked(SuiteFields fields, string key, string remedy) =>
        fields.Text(key) is not { } text || text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '/' or '+')
            ? fields.Text(key)
            : throw fields.Source.Fault(fields.Find(key)!.Line, $"'{Excerpt.Of(text)}' cannot be used as {key}", remedy);
}
