using System.Net;
using System.Net.Http.Json;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Http;

namespace FlourishaSandbox.Agent.Tests;

public sealed class TokenTests(TokenTests.SecureAgent secure) : IClassFixture<TokenTests.SecureAgent>
{
    private const string Token = "the right token";

    private RunningAgent Agent => secure.Agent;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("the wrong token")]
    [InlineData("the right toke")]
    [InlineData("The right token")]
    public async Task Without_the_token_nothing_is_served_and_nothing_is_told(string? token)
    {
        string[] paths =
        [
            EnvdRoutes.Process + "List", EnvdRoutes.Process + "Start", EnvdRoutes.Filesystem + "Stat", EnvdRoutes.Envs, EnvdRoutes.Metrics, EnvdRoutes.Info,
            EnvdRoutes.Deadline, EnvdRoutes.Stop, EnvdRoutes.Files, "/no/such/path",
        ];
        foreach (var path in paths)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(HttpMethod.Get, path, token));
            Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(HttpMethod.Post, path, token));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(HttpMethod.Post, EnvdRoutes.Init, token));
    }

    [Fact]
    public async Task The_failure_has_the_protocols_code()
    {
        using var client = new AgentHttp(new Uri($"http://127.0.0.1:{Agent.Port}/"), "the wrong token");
        Assert.Equal(ConnectCode.Unauthenticated, (await Assert.ThrowsAsync<ConnectException>(() => client.ListAsync())).Code);
    }

    [Fact]
    public async Task Health_needs_no_token()
    {
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(HttpMethod.Get, EnvdRoutes.Health, null));
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(HttpMethod.Get, EnvdRoutes.Health, "the wrong token"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await SendAsync(HttpMethod.Post, EnvdRoutes.Health, null));
    }

    [Fact]
    public async Task With_the_token_all_is_served() => Assert.Equal("hello\n", (await Agent.Http.RunAsync("echo hello")).Stdout);

    [Theory]
    [InlineData(null, null, HttpStatusCode.Unauthorized)]
    [InlineData(null, Token, HttpStatusCode.NoContent)]
    [InlineData(Token, null, HttpStatusCode.NoContent)]
    [InlineData(Token, Token, HttpStatusCode.NoContent)]
    [InlineData(null, "wrong", HttpStatusCode.Unauthorized)]
    [InlineData(Token, "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("wrong", Token, HttpStatusCode.Unauthorized)]
    public async Task Init_takes_the_token_in_either_place_and_no_wrong_one(string? inHeader, string? inBody, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, EnvdRoutes.Init) { Content = JsonContent.Create(new InitRequest { AccessToken = inBody }, EnvdJson.Default.InitRequest) };
        Assert.Equal(status, await SendAsync(request, inHeader));
    }

    [Fact]
    public async Task The_token_is_in_no_childs_environment()
    {
        await Agent.Http.RunAsync("true");
        var run = await Agent.Http.RunAsync("env; cat /proc/self/environ /proc/$PPID/cmdline");
        Assert.DoesNotContain(Token, run.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_is_not_handed_out_over_TCP()
    {
        using var response = await Agent.Http.Client.GetAsync(new Uri(EnvdRoutes.Token, UriKind.Relative));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    private async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, string? token)
    {
        using var request = new HttpRequestMessage(method, path);
        return await SendAsync(request, token);
    }

    private async Task<HttpStatusCode> SendAsync(HttpRequestMessage request, string? token)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Agent.Port}/") };
        if (token is not null)
            request.Headers.TryAddWithoutValidation(EnvdProtocol.AccessTokenHeader, token);

        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    public sealed class SecureAgent : IDisposable
    {
        public RunningAgent Agent { get; } = RunningAgent.StartSecure(Token);

        public void Dispose() => Agent.Dispose();
    }
}
