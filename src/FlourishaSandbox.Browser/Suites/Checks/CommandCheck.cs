using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites.Checks;

/// <summary>A command in the sandbox, and how it is expected to end.</summary>
internal sealed record CommandCheck : SuiteCheck
{
    /// <inheritdoc/>
    public override AppTestKind Kind => AppTestKind.Command;

    /// <summary>A line for the sandbox's shell.</summary>
    public required string Command { get; init; }

    /// <summary>The user to run it as; null for the sandbox's.</summary>
    public string? User { get; init; }

    /// <summary>The folder to start in; null for the sandbox's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables beside the sandbox's own.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; }

    /// <summary>The exit code that is expected.</summary>
    public int ExitCode { get; init; }

    /// <summary>What its output is expected to be; null for anything.</summary>
    public ValueMatcher? Output { get; init; }

    /// <summary>What it is expected to write to its standard error; null for anything.</summary>
    public ValueMatcher? Error { get; init; }

    /// <summary>Variables, and where their values are in the output: a place in its JSON, or null for all of its text.</summary>
    public required IReadOnlyList<KeyValuePair<string, JsonLocation?>> Capture { get; init; }

    /// <summary>Reads one.</summary>
    public static CommandCheck Read(SuiteSource source, SuiteNode node)
    {
        var fields = new SuiteFields(source, node, SuiteShapes.Command);
        var expectation = fields.Find("expect") is { } expect ? new SuiteFields(source, expect, SuiteShapes.CommandExpectation) : null;
        var command = fields.RequireText("command");
        return new CommandCheck
        {
            Name = fields.Text("name") ?? Excerpt.Of(command, 60),
            Tags = fields.Texts("tags"),
            Timeout = fields.Span("timeout"),
            Command = command,
            User = fields.Text("user"),
            WorkingDirectory = fields.Text("workingDirectory"),
            Environment = fields.Pairs("environment"),
            ExitCode = expectation?.Whole("exitCode", 0, 255) ?? 0,
            Output = Matcher(expectation, "output"),
            Error = Matcher(expectation, "error"),
            Capture = [.. fields.Named("capture").Select(entry => Captured(fields, entry))],
        };
    }

    private static ValueMatcher? Matcher(SuiteFields? fields, string key) => fields?.Find(key) is { } node ? ValueMatcher.Read(fields.Source, node, isText: true) : null;

    private static KeyValuePair<string, JsonLocation?> Captured(SuiteFields fields, SuiteEntry entry)
    {
        SuiteReader.CheckVariableName(fields.Source, entry);
        var place = fields.ToText(entry.Value, entry.Key);
        if (place == "output")
            return new(entry.Key, null);

        return JsonLocation.TryParse(place, out var location)
            ? new(entry.Key, location)
            : throw fields.Source.Fault(entry.Line, $"'{Excerpt.Of(place)}' is no place in a command's output", "Write output for its text, or a place in its JSON such as $.id.");
    }
}
