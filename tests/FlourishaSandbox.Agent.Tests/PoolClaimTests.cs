using System.Net;
using System.Net.Http.Json;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Http;

namespace FlourishaSandbox.Agent.Tests;

/// <summary>An agent that waits in a pool: nothing leaves a trace in it, until one claims it, and only one.</summary>
public sealed class PoolClaimTests
{
    private static readonly string[] s_pool = ["--pool", "some-pool", "--lifetime", "60"];

    [Fact]
    public async Task While_it_waits_it_answers_nothing_that_leaves_a_trace()
    {
        using var agent = RunningAgent.Start(s_pool);
        using var start = await agent.Http.Client.PostAsync(new Uri(EnvdRoutes.Process + "Start", UriKind.Relative), content: null);
        Assert.Equal(HttpStatusCode.BadRequest, start.StatusCode);
        Assert.Equal(ConnectCode.FailedPrecondition, (await Assert.ThrowsAsync<ConnectException>(() => agent.Http.ListAsync())).Code);
        foreach (var path in (string[])[EnvdRoutes.Envs, EnvdRoutes.Metrics, EnvdRoutes.Files + "?path=/etc/passwd", EnvdRoutes.Tar + "?path=/etc"])
        {
            using var answer = await agent.Http.Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }

        Assert.Equal(HttpStatusCode.NoContent, await InitAsync(agent, new InitRequest()));
        Assert.Equal(HttpStatusCode.BadRequest, await InitAsync(agent, new InitRequest { EnvVars = new Dictionary<string, string> { ["A"] = "b" } }));
        Assert.Equal(HttpStatusCode.BadRequest, await InitAsync(agent, new InitRequest { DefaultWorkdir = "/usr" }));
        Assert.Equal(new ClaimState(true, null), await GetAsync(agent));
        Assert.True(await agent.Http.IsHealthyAsync());
    }

    [Fact]
    public async Task A_claim_gives_it_labels_variables_and_a_deadline()
    {
        using var agent = RunningAgent.Start(s_pool);
        var claim = new ClaimRequest { Labels = new Dictionary<string, string> { ["flourisha.name"] = "mine" }, EnvVars = new Dictionary<string, string> { ["GREETING"] = "hello" }, TimeoutMs = 5_000_000 };
        Assert.Equal(HttpStatusCode.OK, await ClaimAsync(agent, claim));

        var state = await GetAsync(agent);
        Assert.False(state.Waiting);
        Assert.Equal("mine", state.Labels!["flourisha.name"]);
        Assert.Equal("hello\n", (await agent.Http.RunAsync("echo $GREETING")).Stdout);
        var deadline = await agent.Http.Client.GetFromJsonAsync(new Uri(EnvdRoutes.Deadline, UriKind.Relative), EnvdJson.Default.Deadline);
        Assert.InRange(deadline!.RemainingMs!.Value, 4_900_000, 5_000_000);
    }

    [Fact]
    public async Task Of_many_who_claim_it_at_once_one_gets_it()
    {
        using var agent = RunningAgent.Start(s_pool);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => ClaimAsync(agent, new ClaimRequest { Labels = new Dictionary<string, string> { ["number"] = $"{i}" } })));
        var winner = Assert.Single(Enumerable.Range(0, 20), i => answers[i] == HttpStatusCode.OK);
        Assert.Equal(19, answers.Count(answer => answer == HttpStatusCode.BadRequest));
        Assert.Equal($"{winner}", (await GetAsync(agent)).Labels!["number"]);
    }

    [Fact]
    public async Task A_claim_that_is_refused_changes_nothing()
    {
        using var agent = RunningAgent.Start(s_pool);
        Assert.Equal(HttpStatusCode.BadRequest, await ClaimAsync(agent, new ClaimRequest { EnvVars = new Dictionary<string, string> { ["A=B"] = "c" } }));
        Assert.Equal(HttpStatusCode.BadRequest, await ClaimAsync(agent, new ClaimRequest { TimeoutMs = 0 }));
        Assert.Equal(new ClaimState(true, null), await GetAsync(agent));
    }

    [Fact]
    public async Task One_that_is_in_no_pool_cannot_be_claimed()
    {
        using var agent = new RunningAgent();
        Assert.Equal(HttpStatusCode.BadRequest, await ClaimAsync(agent, new ClaimRequest()));
        Assert.Equal(new ClaimState(false, null), await GetAsync(agent));
        Assert.Equal("1\n", (await agent.Http.RunAsync("echo 1")).Stdout);
    }

    [Fact]
    public async Task Without_the_token_it_cannot_be_claimed()
    {
        using var agent = RunningAgent.StartSecure("the token", s_pool);
        using var stranger = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{agent.Port}/") };
        using var answer = await stranger.PostAsJsonAsync(new Uri(EnvdRoutes.Claim, UriKind.Relative), new ClaimRequest(), EnvdJson.Default.ClaimRequest);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.True((await GetAsync(agent)).Waiting);
    }

    private static async Task<HttpStatusCode> InitAsync(RunningAgent agent, InitRequest request)
    {
        using var answer = await agent.Http.Client.PostAsJsonAsync(new Uri(EnvdRoutes.Init, UriKind.Relative), request, EnvdJson.Default.InitRequest);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> ClaimAsync(RunningAgent agent, ClaimRequest request)
    {
        using var answer = await agent.Http.Client.PostAsJsonAsync(new Uri(EnvdRoutes.Claim, UriKind.Relative), request, EnvdJson.Default.ClaimRequest);
        return answer.StatusCode;
    }

    private static async Task<ClaimState> GetAsync(RunningAgent agent) =>
        (await agent.Http.Client.GetFromJsonAsync(new Uri(EnvdRoutes.Claim, UriKind.Relative), EnvdJson.Default.ClaimState))!;
}
