using System.Globalization;
using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites.Checks;

/// <summary>A request to the app, and the answer that is expected.</summary>
internal sealed record ApiCheck : SuiteCheck
{
    private static readonly string[] s_bodies = ["json", "form", "text"];
    private static readonly string[] s_methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    /// <inheritdoc/>
    public override AppTestKind Kind => AppTestKind.Api;

    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>The path and query.</summary>
    public required string Path { get; init; }

    /// <summary>Where it comes from, each once.</summary>
    public required IReadOnlyList<AppTestOrigin> Origins { get; init; }

    /// <summary>Headers of the request.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>A body of JSON; null for none.</summary>
    public SuiteNode? Json { get; init; }

    /// <summary>The fields of a form; null for none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Form { get; init; }

    /// <summary>A body of text; null for none.</summary>
    public string? Text { get; init; }

    /// <summary>The statuses that are expected.</summary>
    public required IReadOnlyList<int> Statuses { get; init; }

    /// <summary>Headers that are expected.</summary>
    public required IReadOnlyList<KeyValuePair<string, ValueMatcher>> ExpectedHeaders { get; init; }

    /// <summary>Values that are expected in the answer's JSON.</summary>
    public required IReadOnlyList<(JsonLocation Location, ValueMatcher Matcher)> ExpectedJson { get; init; }

    /// <summary>What the body is expected to be, as text; null for anything.</summary>
    public ValueMatcher? ExpectedText { get; init; }

    /// <summary>Variables, and the places in the answer's JSON that have their values.</summary>
    public required IReadOnlyList<KeyValuePair<string, JsonLocation>> Capture { get; init; }

    /// <summary>Variables, and the headers that have their values.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> CaptureHeaders { get; init; }

    /// <summary>Reads one.</summary>
    public static ApiCheck Read(SuiteSource source, SuiteNode node)
    {
        var fields = new SuiteFields(source, node, SuiteShapes.Request);
        var (method, path) = ReadRequest(fields);
        if (s_bodies.Where(key => fields.Find(key) is not null).Skip(1).FirstOrDefault() is { } second)
            throw source.Fault(fields.Find(second)!.Line, "a request has two bodies", "Keep one of json, form and text.");

        var expectation = fields.Find("expect") is { } expect ? new SuiteFields(source, expect, SuiteShapes.ResponseExpectation) : null;
        var origins = fields.Words<AppTestOrigin>("from");
        var captures = fields.Named("capture").Select(entry => (entry.Key, Place: Captured(fields, entry))).ToList();
        return new ApiCheck
        {
            Name = fields.Text("name") ?? $"{method} {path}",
            Tags = fields.Texts("tags"),
            Timeout = fields.Span("timeout"),
            Method = method,
            Path = path,
            Origins = origins.Count == 0 ? [AppTestOrigin.Outside] : origins,
            Headers = [.. fields.Pairs("headers").Select(pair => CheckHeader(fields, pair))],
            Json = fields.Find("json"),
            Form = fields.Find("form") is null ? null : fields.Pairs("form"),
            Text = fields.Text("text"),
            Statuses = ReadStatuses(expectation),
            ExpectedHeaders = [.. (expectation?.Named("headers") ?? []).Select(entry => KeyValuePair.Create(entry.Key, ValueMatcher.Read(source, entry.Value, isText: true)))],
            ExpectedJson = [.. (expectation?.Named("json") ?? []).Select(entry => (ReadLocation(source, entry), ValueMatcher.Read(source, entry.Value, isText: false)))],
            ExpectedText = expectation?.Find("text") is { } text ? ValueMatcher.Read(source, text, isText: true, plain: "contains") : null,
            Capture = [.. captures.Where(capture => capture.Place is JsonLocation).Select(capture => KeyValuePair.Create(capture.Key, (JsonLocation)capture.Place))],
            CaptureHeaders = [.. captures.Where(capture => capture.Place is string).Select(capture => KeyValuePair.Create(capture.Key, (string)capture.Place))],
        };
    }

    private static (string Method, string Path) ReadRequest(SuiteFields fields)
    {
        var request = fields.RequireText("request");
        var space = request.IndexOf(' ', StringComparison.Ordinal);
        var method = space < 0 ? "GET" : request[..space];
        var path = request[(space + 1)..].Trim();
        if (!s_methods.Contains(method) || !SuiteFields.IsPath(path))
            throw fields.Source.Fault(fields.Find("request")!.Line, $"'{Excerpt.Of(request)}' is no request", $"Write a method and a path, such as POST /api/things. There are {string.Join(", ", s_methods)}.");

        return (method, path);
    }

    private static KeyValuePair<string, string> CheckHeader(SuiteFields fields, KeyValuePair<string, string> header)
    {
        if (header.Key.Length == 0 || !header.Key.All(character => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal)) || header.Value.Any(char.IsControl))
            throw fields.Source.Fault(fields.Find("headers")!.Line, $"'{Excerpt.Of(header.Key)}' is no header, or its value has line ends", "Write a header such as Accept: text/html.");

        return header;
    }

    private static List<int> ReadStatuses(SuiteFields? expectation)
    {
        var statuses = new List<int>();
        foreach (var text in expectation?.Texts("status") ?? [])
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) || status is < 100 or > 599)
                throw expectation!.Source.Fault(expectation.Find("status")!.Line, $"'{Excerpt.Of(text)}' is no status", "Write a number such as 200, or a list of them.");

            statuses.Add(status);
        }

        return statuses;
    }

    private static JsonLocation ReadLocation(SuiteSource source, SuiteEntry entry) => JsonLocation.TryParse(entry.Key, out var location)
        ? location
        : throw source.Fault(entry.Line, $"'{Excerpt.Of(entry.Key)}' is no place in a JSON document", "Write $.items[0].name or /items/0/name; $ is the document itself.");

    private static object Captured(SuiteFields fields, SuiteEntry entry)
    {
        const string Header = "header:";
        SuiteReader.CheckVariableName(fields.Source, entry);
        var place = fields.ToText(entry.Value, entry.Key);
        if (place.StartsWith(Header, StringComparison.OrdinalIgnoreCase) && place.Length > Header.Length)
            return place[Header.Length..].Trim();

        return JsonLocation.TryParse(place, out var location)
            ? location
            : throw fields.Source.Fault(entry.Line, $"'{Excerpt.Of(place)}' is no place in an answer", "Write $.id for a value of its JSON, or header:Location.");
    }
}
