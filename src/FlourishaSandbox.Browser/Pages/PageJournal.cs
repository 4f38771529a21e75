using System.Globalization;
using System.Text;
using System.Text.Json;
using FlourishaSandbox.Browser.Driving;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Pages;

/// <summary>
/// What a page writes to its console and which of its requests fail, from its beginning: the browser keeps its latest lines, and tells them to
/// whoever begins to listen. What is kept here is bounded.
/// </summary>
internal sealed class PageJournal
{
    private const int MostMessages = 1000;
    private const int MostRequests = 500;
    private const int LongestText = 2000;

    private readonly object _lock = new();
    private readonly Queue<PageMessage> _messages = new();
    private readonly Queue<PageFailedRequest> _requests = new();
    private readonly List<PageMessage> _notes = [];
    private long _dropped;

    /// <summary>Begins with what was kept from the page while others drove it.</summary>
    public PageJournal(IReadOnlyList<PageMessage> notes)
    {
        _notes.AddRange(notes);
        foreach (var note in notes)
            _messages.Enqueue(note);
    }

    /// <summary>Weighs what the page does.</summary>
    public NuisanceGauge Gauge { get; } = new();

    /// <summary>Happens when the page has gone too far; says how, as the end of a sentence.</summary>
    public event Action<string>? Exceeded;

    /// <summary>What was kept from the page, to be told to whoever drives it later: the latest 100.</summary>
    public IReadOnlyList<PageMessage> Notes
    {
        get
        {
            lock (_lock)
                return [.. _notes.TakeLast(100)];
        }
    }

    /// <summary>What there is, in the order of time.</summary>
    public PageMessages Read()
    {
        lock (_lock)
            return new PageMessages([.. _messages.OrderBy(message => message.Time)], [.. _requests.OrderBy(request => request.Time)], _dropped);
    }

    /// <summary>Begins to listen.</summary>
    /// <param name="session">Speaks to the page.</param>
    public async Task ListenAsync(ICDPSession session)
    {
        session.Event("Runtime.consoleAPICalled").OnEvent += (_, event_) => Hear(() => OnConsole(event_));
        session.Event("Runtime.exceptionThrown").OnEvent += (_, event_) => Hear(() => OnException(event_));
        session.Event("Log.entryAdded").OnEvent += (_, event_) => Hear(() => OnEntry(event_));
        await session.CallAsync("Runtime.enable").ConfigureAwait(false);
        await session.CallAsync("Log.enable").ConfigureAwait(false);
    }

    /// <summary>Writes down what was kept from the page.</summary>
    /// <param name="kind">dialog, popup or download.</param>
    /// <param name="text">What.</param>
    /// <param name="weight">How heavy it is.</param>
    public void Note(string kind, string text, int weight)
    {
        var note = new PageMessage(DateTimeOffset.UtcNow, kind, Cut(text), null);
        lock (_lock)
        {
            if (_notes.Count >= MostMessages)
                _notes.RemoveAt(0);

            _notes.Add(note);
        }

        Add(note, weight, kind switch { "dialog" => "opened more than 100 dialogs", "popup" => "opened more than 20 windows", _ => "began more than 50 downloads" });
    }

    // What comes from a browser may have any form; what cannot be read is not worth a process.
    private static void Hear(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            return;
        }
    }

    private void OnConsole(JsonElement? event_)
    {
        if (event_ is not { } message)
            return;

        var words = new StringBuilder();
        if (message.TryGetProperty("args", out var arguments))
        {
            foreach (var argument in arguments.EnumerateArray().Take(50))
            {
                if (words.Length > LongestText)
                    break;

                words.Append(words.Length > 0 ? " " : "").Append(Say(argument));
            }
        }

        var frame = message.TryGetProperty("stackTrace", out var trace) && trace.TryGetProperty("callFrames", out var frames) && frames.GetArrayLength() > 0 ? frames[0] : default;
        Add(new PageMessage(TimeOf(message), message.Text("type"), Cut(words.ToString()), Place(frame.Text("url"), frame.Text("lineNumber"))), NuisanceGauge.Line);
    }

    private void OnException(JsonElement? event_)
    {
        if (event_ is not { } thrown || !thrown.TryGetProperty("exceptionDetails", out var details))
            return;

        var text = details.Text("exception", "description") is { Length: > 0 } described ? described : $"{details.Text("text")} {details.Text("exception", "value")}".Trim();
        Add(new PageMessage(TimeOf(thrown), "exception", Cut(text), Place(details.Text("url"), details.Text("lineNumber"))), NuisanceGauge.Line);
    }

    private void OnEntry(JsonElement? event_)
    {
        if (event_ is not { } logged || !logged.TryGetProperty("entry", out var entry))
            return;

        const string Failed = "Failed to load resource: ";
        const string Answered = "the server responded with a status of ";
        var text = entry.Text("text");
        if (entry.Text("source") != "network" || !text.StartsWith(Failed, StringComparison.Ordinal))
        {
            Add(new PageMessage(TimeOf(entry), entry.Text("level"), Cut(text), Place(entry.Text("url"), entry.Text("lineNumber"))), NuisanceGauge.Line);
            return;
        }

        var problem = text[Failed.Length..];
        int? status = problem.StartsWith(Answered, StringComparison.Ordinal) && int.TryParse(problem.AsSpan(Answered.Length, Math.Min(3, problem.Length - Answered.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        AddRequest(new PageFailedRequest(TimeOf(entry), Cut(entry.Text("url")), status, Cut(status is null ? problem : $"status {problem[Answered.Length..].TrimEnd()}")));
    }

    private void Add(PageMessage message, int weight, string complaint = "wrote more than 10,000 lines to its console")
    {
        lock (_lock)
        {
            if (_messages.Count >= MostMessages)
            {
                _messages.Dequeue();
                _dropped++;
            }

            _messages.Enqueue(message);
        }

        if (Gauge.Add(weight))
            Exceeded?.Invoke($"{complaint} within 10 s");
    }

    private void AddRequest(PageFailedRequest request)
    {
        lock (_lock)
        {
            if (_requests.Count >= MostRequests)
            {
                _requests.Dequeue();
                _dropped++;
            }

            _requests.Enqueue(request);
        }

        if (Gauge.Add(NuisanceGauge.Line))
            Exceeded?.Invoke("had more than 10,000 requests fail within 10 s");
    }

    private static string Say(JsonElement argument)
    {
        if (argument.Text("type") == "string")
            return Cut(argument.Text("value"));

        if (argument.TryGetProperty("preview", out var preview) && preview.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Array)
        {
            var parts = properties.EnumerateArray().Take(20).Select(one => argument.Text("subtype") == "array" ? one.Text("value") : $"{one.Text("name")}: {one.Text("value")}");
            return argument.Text("subtype") switch { "array" => $"[{string.Join(", ", parts)}]", "" => $"{{{string.Join(", ", parts)}}}", _ => argument.Text("description") };
        }

        return argument.Text("unserializableValue") is { Length: > 0 } odd ? odd : argument.Text("description") is { Length: > 0 } described ? Cut(described) : argument.Text("value") is { Length: > 0 } value ? Cut(value) : argument.Text("subtype") is { Length: > 0 } kind ? kind : argument.Text("type");
    }

    private static string? Place(string url, string line) =>
        url.Length == 0 ? null : int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? string.Create(CultureInfo.InvariantCulture, $"{Suites.Excerpt.Of(url)}:{number + 1}") : Suites.Excerpt.Of(url);

    private static string Cut(string text) => text.Length > LongestText ? text[..LongestText] + "…" : text;

    private static DateTimeOffset TimeOf(JsonElement element) =>
        element.TryGetProperty("timestamp", out var stamp) && stamp.TryGetDouble(out var milliseconds) && milliseconds is > 0 and < 1e14 ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds) : DateTimeOffset.UtcNow;
}
