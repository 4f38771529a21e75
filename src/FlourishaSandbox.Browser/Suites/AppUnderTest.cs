using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites;

/// <summary>The app that a suite is about.</summary>
internal sealed record AppUnderTest
{
    /// <summary>The port inside the sandbox; null for the lowest that it publishes.</summary>
    public int? Port { get; init; }

    /// <summary>The path that pages begin at.</summary>
    public required string Path { get; init; }

    /// <summary>A line for the shell that starts it where it does not run; null for nothing.</summary>
    public string? Start { get; init; }

    /// <summary>The folder to start in; null for the sandbox's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables for the start beside the sandbox's own.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; }

    /// <summary>The path that answers when it is ready.</summary>
    public required string Ready { get; init; }

    /// <summary>How long it has to become ready.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Reads it.</summary>
    public static AppUnderTest Read(SuiteSource source, SuiteNode node)
    {
        var fields = new SuiteFields(source, node, SuiteShapes.App);
        var path = fields.Path("path") ?? "/";
        return new AppUnderTest
        {
            Port = fields.Whole("port", 1, 65535),
            Path = path,
            Start = fields.Text("start"),
            WorkingDirectory = fields.Text("workingDirectory"),
            Environment = fields.Pairs("environment"),
            Ready = fields.Path("ready") ?? path,
            Timeout = fields.Span("timeout") ?? TimeSpan.FromSeconds(30),
        };
    }
}
