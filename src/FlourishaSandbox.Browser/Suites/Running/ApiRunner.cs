using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlourishaSandbox.Browser.Suites.Checks;

namespace FlourishaSandbox.Browser.Suites.Running;

/// <summary>Makes checks that are a request.</summary>
/// <param name="access">Reaches the app.</param>
/// <param name="variables">The suite's variables.</param>
internal sealed class ApiRunner(AppAccess access, SuiteVariables variables)
{
    /// <summary>The most that is read of an answer: 8 MiB.</summary>
    public const int MaximumAnswer = 8 << 20;

    /// <summary>Makes one.</summary>
    /// <param name="check">The check.</param>
    /// <param name="origin">Where the request comes from.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>A task that ends when all is as expected.</returns>
    /// <exception cref="CheckFailedException">Something is not as expected.</exception>
    public async Task RunAsync(ApiCheck check, AppTestOrigin origin, CancellationToken cancellationToken)
    {
        using var request = CreateRequest(check, access.UrlFor(origin));
        HttpResponseMessage response;
        byte[] body;
        bool isWhole;
        try
        {
            response = await access.SendAsync(origin, request, cancellationToken).ConfigureAwait(false);
            using (response)
                (body, isWhole) = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new CheckFailedException($"{request.Method} {Excerpt.Of(request.RequestUri!.ToString())} was not answered: {Excerpt.Of((e.InnerException ?? e).Message).TrimEnd('.')}.", e);
        }

        var status = (int)response.StatusCode;
        var text = Encoding.UTF8.GetString(body);
        if (check.Statuses.Count == 0 ? status is < 200 or > 299 : !check.Statuses.Contains(status))
            throw new CheckFailedException($"The status is {status}, expected {(check.Statuses.Count == 0 ? "200 to 299" : string.Join(" or ", check.Statuses))}. The answer was {Excerpt.Quote(text.Trim())}.");

        foreach (var (name, matcher) in check.ExpectedHeaders)
        {
            var value = HeaderOf(response, name);
            if (matcher.Explain(value is not null, value is null ? null : JsonValue.Create(value), variables) is { } problem)
                throw new CheckFailedException($"The header {name} {problem}.");
        }

        if (!isWhole && (check.ExpectedText is not null || check.ExpectedJson.Count + check.Capture.Count > 0))
            throw new CheckFailedException($"The answer has more than {MaximumAnswer >> 20} MiB, and no more is read.");

        if (check.ExpectedText?.Explain(exists: true, JsonValue.Create(text), variables) is { } difference)
            throw new CheckFailedException($"The answer {difference}.");

        if (check.ExpectedJson.Count + check.Capture.Count > 0)
            CompareJson(check, text);

        foreach (var (name, header) in check.CaptureHeaders)
            variables.Set(name, JsonValue.Create(HeaderOf(response, header) ?? throw new CheckFailedException($"There is no header {Excerpt.Of(header, 60)} to capture.")));
    }

    private void CompareJson(ApiCheck check, string text)
    {
        JsonNode? json;
        try
        {
            json = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 64 });
            Touch(json);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new CheckFailedException($"The answer is no JSON{(e is ArgumentException ? ", as a name comes twice in it" : "")}: {Excerpt.Quote(text.Trim())}.", e);
        }

        foreach (var (location, matcher) in check.ExpectedJson)
        {
            var exists = location.TryFind(json, out var value, out var instead);
            if (matcher.Explain(exists, value, variables) is { } problem)
                throw new CheckFailedException($"{location} {problem}{(exists ? "" : $"; {instead}")}.");
        }

        foreach (var (name, location) in check.Capture)
        {
            if (!location.TryFind(json, out var value, out var problem))
                throw new CheckFailedException($"There is no {location} to capture: {problem}.");

            variables.Set(name, value);
        }
    }

    // The library finds a name that comes twice only when somebody asks, and then in the middle of something else.
    private static void Touch(JsonNode? node)
    {
        var below = node switch
        {
            JsonObject group => group.Select(property => property.Value),
            JsonArray array => array,
            _ => Enumerable.Empty<JsonNode?>(),
        };
        foreach (var child in below)
            Touch(child);
    }

    private HttpRequestMessage CreateRequest(ApiCheck check, Uri app)
    {
        var path = variables.Expand(check.Path);
        var url = Reading.SuiteFields.IsPath(path) && Uri.TryCreate(app, path, out var whole) && whole.Authority == app.Authority
            ? whole
            : throw new CheckFailedException($"'{Excerpt.Of(path)}' is no path of the app.");
        var request = new HttpRequestMessage(new HttpMethod(check.Method), url);
        if (check.Json is not null)
            request.Content = new StringContent(variables.ToJson(check.Json)?.ToJsonString() ?? "null", Encoding.UTF8, "application/json");
        else if (check.Form is not null)
            request.Content = new FormUrlEncodedContent(check.Form.Select(pair => KeyValuePair.Create(pair.Key, variables.Expand(pair.Value))));
        else if (check.Text is not null)
            request.Content = new StringContent(variables.Expand(check.Text), Encoding.UTF8, "text/plain");

        foreach (var (name, value) in check.Headers)
        {
            var expanded = variables.Expand(value);
            if (expanded.Any(char.IsControl))
                throw new CheckFailedException($"The header {name} would have a line end or another control character.");

            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && request.Content is not null && MediaTypeHeaderValue.TryParse(expanded, out var type))
                request.Content.Headers.ContentType = type;
            else if (!request.Headers.TryAddWithoutValidation(name, expanded))
                _ = request.Content?.Headers.TryAddWithoutValidation(name, expanded);
        }

        return request;
    }

    private static async Task<(byte[] Body, bool IsWhole)> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var body = new MemoryStream();
        var buffer = new byte[64 << 10];
        while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            body.Write(buffer, 0, (int)Math.Min(count, MaximumAnswer - body.Length));
            if (body.Length == MaximumAnswer)
                return (body.ToArray(), false);
        }

        return (body.ToArray(), true);
    }

    private static string? HeaderOf(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;
}
