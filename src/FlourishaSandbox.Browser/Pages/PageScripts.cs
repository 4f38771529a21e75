using System.Diagnostics;
using System.Text.Json;
using FlourishaSandbox.Browser.Driving;
using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Pages;

/// <summary>Runs scripts in a page.</summary>
/// <param name="open">The page.</param>
/// <param name="cancellationToken">Ends whatever is waited for.</param>
internal sealed class PageScripts(OpenPage open, CancellationToken cancellationToken)
{
    private const int LongestAnswer = 4 << 20;
    private const int LongestScript = 4 << 20;

    // In the page, which may have more to say than this process has room for.
    private const string ToJson = """
        function (limit) {
            const text = JSON.stringify(this);
            return typeof text !== 'string' ? 'null' : text.length > limit ? '' : text;
        }
        """;

    /// <summary>Runs one: statements, of which the last gives the answer, or a function, which is called. What it promises is waited for.</summary>
    /// <param name="script">JavaScript.</param>
    /// <param name="timeout">How long it may take. One that takes longer is ended.</param>
    /// <returns>The answer as JSON: hostile.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.PageFailed"/>: it threw, or gave back too much; <see cref="SandboxError.TimedOut"/>.</exception>
    public async Task<JsonElement> RunAsync(string script, TimeSpan timeout)
    {
        PageOptions.RequireTime(timeout);
        if (string.IsNullOrWhiteSpace(script) || script.Length > LongestScript)
            throw InvalidOption.Create("Script", Excerpt.Of(script), "is none", $"Give JavaScript of up to {LongestScript} characters, such as document.title.");

        JsonElement answer = default;
        await new PageActor(open, cancellationToken).WithinAsync($"The script on page {open.Id}", timeout, async limit =>
        {
            var value = await EvaluateAsync(script, limit).ConfigureAwait(false);
            if (value.Text("type") == "function")
                value = ResultOf(await open.Session.CallAsync("Runtime.callFunctionOn", ("functionDeclaration", "function () { return this(); }"), ("objectId", value.Text("objectId")), ("awaitPromise", true), ("userGesture", true)).ConfigureAwait(false));

            // Statements are run as in a console, which waits only where it is told to.
            if (value.Text("subtype") == "promise")
                value = ResultOf(await open.Session.CallAsync("Runtime.awaitPromise", ("promiseObjectId", value.Text("objectId"))).ConfigureAwait(false));

            answer = await ReadAsync(value).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return answer;
    }

    private async Task<JsonElement> EvaluateAsync(string script, float limit)
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            return ResultOf(await open.Session.CallAsync("Runtime.evaluate", ("expression", script), ("awaitPromise", true), ("userGesture", true), ("replMode", true), ("timeout", limit)).ConfigureAwait(false));
        }
        catch (Microsoft.Playwright.PlaywrightException e) when (Stopwatch.GetElapsedTime(begun).TotalMilliseconds >= limit && !CdpCalls.IsGone(e))
        {
            throw new System.TimeoutException(e.Message, e); // the browser ended it, and has no word for that
        }
    }

    private async Task<JsonElement> ReadAsync(JsonElement value)
    {
        if (value.Text("objectId") is not { Length: > 0 } id)
        {
            // Undefined, and numbers that JSON does not have, are null and text.
            var primitive = value.TryGetProperty("value", out var plain) ? plain : value.Text("unserializableValue") is { Length: > 0 } odd ? JsonSerializer.SerializeToElement(odd, PageScriptJson.Default.String) : JsonSerializer.Deserialize("null", PageScriptJson.Default.JsonElement);
            return primitive.ValueKind == JsonValueKind.String && primitive.GetString()!.Length > LongestAnswer ? throw TooLong() : primitive;
        }

        var text = ResultOf(await open.Session.CallAsync("Runtime.callFunctionOn", ("functionDeclaration", ToJson), ("objectId", id), ("arguments", new object[] { new Dictionary<string, object> { ["value"] = LongestAnswer } }), ("returnByValue", true)).ConfigureAwait(false)).Text("value");
        try
        {
            return text.Length is 0 or > LongestAnswer ? throw TooLong() : JsonSerializer.Deserialize(text, PageScriptJson.Default.JsonElement);
        }
        catch (JsonException e)
        {
            throw new SandboxException(SandboxError.PageFailed, $"What the script on page {open.Id} gave back is no JSON.", open.Id, "The page may have a JSON of its own; give back a text or a number.", e);
        }
    }

    private JsonElement ResultOf(JsonElement answer)
    {
        if (!answer.TryGetProperty("exceptionDetails", out var details))
            return answer.TryGetProperty("result", out var result) ? result : default;

        var text = details.Text("exception", "description") is { Length: > 0 } described ? described : $"{details.Text("text")} {details.Text("exception", "value")}".Trim();
        if (text.Contains("execution was terminated", StringComparison.OrdinalIgnoreCase))
            throw new System.TimeoutException(text);

        throw new SandboxException(SandboxError.PageFailed, $"The script on page {open.Id} failed: {Excerpt.Of(text.Split('\n')[0])}", open.Id);
    }

    private SandboxException TooLong() => new(SandboxError.PageFailed, $"The script on page {open.Id} gave back more than {LongestAnswer} characters.", open.Id, "Have it give back less.");
}
