using System.Net;
using System.Text.Json;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Host.Tests.Serving;

/// <summary>What the gateway says where no app does.</summary>
public sealed class AnswerTests(GatewayHouse house) : GatewayTests(house)
{
    private static async Task<(HttpStatusCode Status, string? Reason, JsonElement Document)> AskAsync(HttpClient client, string path = "/")
    {
        using var answer = await client.GetAsync(path, Limits.Token);
        var reason = answer.Headers.TryGetValues(GatewayAnswer.Header, out var values) ? values.Single() : null;
        return (answer.StatusCode, reason, reason is null ? default : JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Limits.Token)).RootElement);
    }

    private static Task<HttpResponseMessage> AwaitAsync(HttpClient client, HttpStatusCode status) => Retry.UntilAsync(() => client.GetAsync("/", Limits.Token), answer => answer.StatusCode == status);

    private static string? ReasonOf(HttpResponseMessage answer) => answer.Headers.TryGetValues(GatewayAnswer.Header, out var values) ? values.Single() : null;

    [Fact]
    public async Task Programs_are_answered_in_json()
    {
        using var client = House.ClientOf(House.Open, GatewayHouse.SilentPort);
        var (status, reason, document) = await AskAsync(client);
        Assert.Equal((HttpStatusCode.BadGateway, "not-listening"), (status, reason));
        Assert.Equal("not-listening", document.GetProperty("error").GetString());
        Assert.Contains($"Sandbox '{House.Open.Name}' runs, but no server in it listens on port 8002.", document.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(document.GetProperty("remedy").GetString()!);
    }

    [Fact]
    public async Task Browsers_are_shown_a_page_that_asks_again_by_itself()
    {
        using var client = House.ClientOf(House.Open, GatewayHouse.SilentPort);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        using var answer = await client.GetAsync("/", Limits.Token);
        var page = await answer.Content.ReadAsStringAsync(Limits.Token);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("<meta http-equiv=\"refresh\" content=\"2\">", page, StringComparison.Ordinal);
        Assert.Contains("Nothing listens on port 8002 yet", page, StringComparison.Ordinal);
        Assert.Equal("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task A_server_that_listens_for_itself_alone_is_told_from_none()
    {
        using var client = House.ClientOf(House.Open, GatewayHouse.LoopbackPort);
        var (status, reason, document) = await AskAsync(client);
        Assert.Equal((HttpStatusCode.BadGateway, "loopback-only"), (status, reason));
        Assert.Contains("0.0.0.0", document.GetProperty("remedy").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_closes_the_connection_is_told()
    {
        using var client = House.ClientOf(House.Open);
        var (status, reason, _) = await AskAsync(client, "/break");
        Assert.Equal((HttpStatusCode.BadGateway, "ended"), (status, reason));
    }

    [Fact]
    public async Task The_gateways_own_name_says_what_names_there_are()
    {
        using var client = Clients.Create(House.Gateway, "localhost");
        var (status, reason, document) = await AskAsync(client);
        Assert.Equal((HttpStatusCode.NotFound, "no-name"), (status, reason));
        Assert.Contains("PORT-ID.localhost", document.GetProperty("remedy").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Short_ids_and_names_lead_to_a_sandbox()
    {
        foreach (var name in (string[])[House.Open.ShortId, House.Open.ShortId.ToUpperInvariant(), House.Open.Name])
        {
            using var client = Clients.Create(House.Gateway, $"8000-{name}.localhost");
            Assert.Equal("hello from 8000", await client.GetStringAsync("/", Limits.Token));
        }
    }

    [Fact]
    public async Task A_sandbox_is_known_as_long_as_it_is_there_and_told_what_it_does()
    {
        var sandbox = await House.CreateAsync();
        using var client = House.ClientOf(sandbox);
        using (var running = await AwaitAsync(client, HttpStatusCode.BadGateway))
            Assert.Equal("not-listening", ReasonOf(running));

        await House.ServeAsync(sandbox);
        using (var served = await AwaitAsync(client, HttpStatusCode.OK))
            Assert.Null(ReasonOf(served));

        sandbox = await House.Manager.Lifecycle.SuspendAsync(sandbox, OperationObserver.None, Limits.Token);
        using (var suspended = await AwaitAsync(client, HttpStatusCode.ServiceUnavailable))
            Assert.Equal("suspended", ReasonOf(suspended));

        sandbox = await House.Manager.Lifecycle.ResumeAsync(sandbox, timeout: null, OperationObserver.None, Limits.Token);
        using (var resumed = await AwaitAsync(client, HttpStatusCode.OK))
            Assert.Null(ReasonOf(resumed));

        sandbox = await House.Manager.Lifecycle.StopAsync(sandbox, TimeSpan.FromSeconds(1), OperationObserver.None, Limits.Token);
        using (var stopped = await AwaitAsync(client, HttpStatusCode.ServiceUnavailable))
            Assert.Equal("stopped", ReasonOf(stopped));

        sandbox = await House.Manager.Lifecycle.StartAsync(sandbox, timeout: null, OperationObserver.None, Limits.Token);
        await House.ServeAsync(sandbox);
        using (var again = await AwaitAsync(client, HttpStatusCode.OK))
            Assert.Null(ReasonOf(again));

        await House.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token);
        using var gone = await AwaitAsync(client, HttpStatusCode.NotFound);
        Assert.Equal("unknown", ReasonOf(gone));
    }
}
