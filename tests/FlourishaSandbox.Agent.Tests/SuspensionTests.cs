using System.Net;
using System.Net.Http.Json;
using FlourishaSandbox.Agent.Tests.Containers;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Http;
using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Agent.Tests;

/// <summary>How an agent freezes everything at its deadline, and how a deadline waits for a sandbox that the engine froze.</summary>
public sealed class SuspensionTests
{
    private const string Counting = "i=0; while :; do i=$((i+1)); echo $i; sleep 0.02; done";

    [Fact]
    public async Task At_its_deadline_it_freezes_all_and_starts_nothing_until_it_is_resumed()
    {
        using var agent = RunningAgent.Start("--lifetime", "1", "--on-timeout", "suspend");
        await agent.Http.LaunchAsync(AgentHttp.Shell(Counting));
        await RunningAgent.WaitUntilAsync(async () => (await GetAsync(agent.Http)).Suspended == true, "it is suspended");
        Assert.Equal(0, (await GetAsync(agent.Http)).RemainingMs);

        var before = await SettledAsync(agent.Http);
        await Task.Delay(300);
        Assert.Equal(before, await OffsetAsync(agent.Http));
        var refused = await agent.Http.RunAsync("true");
        Assert.Equal((ConnectCode.Unavailable, EnvdProtocol.SuspendedMessage), (refused.Failure!.Code, refused.Failure.Message));

        var resumed = await ResumeAsync(agent.Http, new ResumeRequest { TimeoutMs = 60_000 });
        Assert.Null(resumed.Suspended);
        Assert.InRange(resumed.RemainingMs!.Value, 50_000, 60_000);
        await RunningAgent.WaitUntilAsync(async () => await OffsetAsync(agent.Http) > before, "it goes on");
        Assert.Equal("yes\n", (await agent.Http.RunAsync("echo yes")).Stdout);
    }

    [Fact]
    public async Task What_had_stopped_before_does_not_go_on_with_the_rest()
    {
        using var agent = RunningAgent.Start("--lifetime", "1", "--on-timeout", "suspend");
        var stopped = await agent.Http.LaunchAsync(AgentHttp.Shell("kill -STOP $$; echo went on"));
        await RunningAgent.WaitUntilAsync(async () => (await GetAsync(agent.Http)).Suspended == true, "it is suspended");
        await ResumeAsync(agent.Http, new ResumeRequest { TimeoutMs = 60_000 });
        Assert.Equal("T\n", (await agent.Http.RunAsync($"cut -d' ' -f3 /proc/{stopped}/stat")).Stdout);
    }

    [Fact]
    public async Task One_that_is_suspended_ends_as_any_other_when_it_is_asked_to()
    {
        using var agent = RunningAgent.Start("--lifetime", "1", "--on-timeout", "suspend");
        var pid = await agent.Http.LaunchAsync(AgentHttp.Shell("sleep 1000"));
        await RunningAgent.WaitUntilAsync(async () => (await GetAsync(agent.Http)).Suspended == true, "it is suspended");
        agent.Signal("TERM");
        Assert.Equal(143, await agent.WaitForExitAsync());
        await RunningAgent.WaitUntilAsync(() => !Directory.Exists($"/proc/{pid}"), "its process has gone");
    }

    [Theory]
    [InlineData(5000, null, 4_000, 5_000)]
    [InlineData(null, 7000, 50_000, 60_000)]
    public async Task A_resume_keeps_a_deadline_that_is_to_come_unless_it_names_one(int? timeout, int? lifetime, int least, int most)
    {
        using var agent = RunningAgent.Start("--lifetime", "60");
        var resumed = await ResumeAsync(agent.Http, new ResumeRequest { TimeoutMs = timeout, LifetimeMs = lifetime });
        Assert.InRange(resumed.RemainingMs!.Value, least, most);
    }

    [Fact]
    public async Task A_deadline_that_passed_is_taken_away_or_set_anew()
    {
        using var agent = RunningAgent.Start("--lifetime", "1", "--on-timeout", "suspend");
        await RunningAgent.WaitUntilAsync(async () => (await GetAsync(agent.Http)).Suspended == true, "it is suspended");
        Assert.InRange((await ResumeAsync(agent.Http, new ResumeRequest { LifetimeMs = 1000 })).RemainingMs!.Value, 1, 1000);
        await RunningAgent.WaitUntilAsync(async () => (await GetAsync(agent.Http)).Suspended == true, "it is suspended again");
        Assert.Equal(new Deadline(null, null), await ResumeAsync(agent.Http, new ResumeRequest()));
    }

    [Fact]
    public async Task A_deadline_that_is_held_waits_once_for_somebody_who_sets_another()
    {
        using var agent = RunningAgent.Start("--lifetime", "2");
        await agent.Http.Client.PostAsync(EnvdRoutes.Hold, null);
        await Task.Delay(3000);
        Assert.Equal(0, (await GetAsync(agent.Http)).RemainingMs);
        Assert.InRange((await ResumeAsync(agent.Http, new ResumeRequest { LifetimeMs = 60_000 })).RemainingMs!.Value, 50_000, 60_000);

        // Without such a somebody it ends as it would have, a little later.
        await ResumeAsync(agent.Http, new ResumeRequest { TimeoutMs = 1 });
        Assert.Equal(124, await agent.WaitForExitAsync());
    }

    [Fact]
    public async Task As_process_1_it_freezes_what_forks_as_fast_as_it_can()
    {
        Assert.SkipUnless(DockerTool.Obstacle is null, DockerTool.Obstacle ?? "");
        await using var container = new AgentContainer { EngineOptions = ["--pids-limit", "200", "--cpus", "0.5"], AgentOptions = ["--lifetime", "600", "--on-timeout", "suspend"] };
        await container.InitializeAsync();
        await container.Http.LaunchAsync(AgentHttp.Shell("exec perl -e 'while (1) { defined(fork) or select(undef, undef, undef, 0.001) }'"));
        await Task.Delay(1000);
        await container.Http.Client.PutAsJsonAsync(EnvdRoutes.Deadline, new DeadlineRequest(1), EnvdJson.Default.DeadlineRequest);
        await RunningAgent.WaitUntilAsync(async () => (await GetAsync(container.Http)).Suspended == true, "it is suspended");
        await RunningAgent.WaitUntilAsync(
            async () => (await DockerTool.RunAsync("top", container.Name, "-eo", "pid,stat,comm")).Split('\n').Where(line => line.EndsWith("perl", StringComparison.Ordinal)).All(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1][0] == 'T'),
            "all of it has stopped");
    }

    [Theory]
    [InlineData("{\"timeoutMs\":0}")]
    [InlineData("{\"lifetimeMs\":-1}")]
    public async Task A_resume_with_no_span_of_time_is_refused(string body)
    {
        using var agent = new RunningAgent();
        using var response = await agent.Http.Client.PostAsync(EnvdRoutes.Resume, new StringContent(body));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private static async Task<Deadline> GetAsync(AgentHttp http) => (await http.Client.GetFromJsonAsync(new Uri(EnvdRoutes.Deadline, UriKind.Relative), EnvdJson.Default.Deadline))!;

    private static async Task<Deadline> ResumeAsync(AgentHttp http, ResumeRequest request)
    {
        using var response = await http.Client.PostAsJsonAsync(EnvdRoutes.Resume, request, EnvdJson.Default.ResumeRequest);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync(EnvdJson.Default.Deadline))!;
    }

    // Where it is when two looks in a row see the same.
    private static async Task<long> SettledAsync(AgentHttp http)
    {
        var last = -1L;
        await RunningAgent.WaitUntilAsync(async () =>
        {
            await Task.Delay(100);
            var now = await OffsetAsync(http);
            (var same, last) = (now == last, now);
            return same;
        }, "nothing moves");
        return last;
    }

    private static async Task<long> OffsetAsync(AgentHttp http) => (await http.ListAsync()).Processes!.Single().Flourisha!.Offset;
}
