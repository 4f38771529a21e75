using System.Net.Http.Json;
using FlourishaSandbox.Agent.Tests.Containers;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Agent.Tests.Limits;

/// <summary>Memory that runs out, in a container that has 96 MiB.</summary>
public sealed class MemoryLimitTests : IAsyncLifetime
{
    private const string Bomb = "perl -e '$x = \"x\" x (400 << 20); sleep 1000'";

    private readonly AgentContainer _container = new() { EngineOptions = ["--memory", "96m", "--memory-swap", "96m", "--pids-limit", "400"] };

    public ValueTask InitializeAsync() => _container.InitializeAsync();

    public ValueTask DisposeAsync() => _container.DisposeAsync();

    [Fact]
    public async Task What_the_kernel_ended_for_want_of_memory_is_told_as_such_and_the_sandbox_goes_on()
    {
        Assert.SkipUnless(DockerTool.Obstacle is null, DockerTool.Obstacle ?? "");

        var direct = await _container.Http.RunAsync($"exec {Bomb}");
        Assert.Equal((137, 9, ExceededLimits.Memory), (direct.End!.ExitCode, direct.End.Flourisha!.Signal, direct.End.Flourisha.Exceeded));
        Assert.Equal("signal: killed: out of memory", direct.End.Error);

        // Below a shell, which ends with 137, and below one that makes something else of it.
        Assert.Equal((137, ExceededLimits.Memory), await EndOfAsync(Bomb + "; exit $?"));
        Assert.Equal((5, ExceededLimits.Memory), await EndOfAsync(Bomb + " || exit 5"));
        Assert.Equal("alive\n", (await _container.Http.RunAsync("echo alive")).Stdout);

        var metrics = await _container.Http.Client.GetFromJsonAsync(EnvdRoutes.Metrics, EnvdJson.Default.AgentMetrics);
        Assert.Equal((3, 96L << 20), (metrics!.MemoryKills, metrics.MemoryTotal));
    }

    [Fact]
    public async Task Who_was_killed_otherwise_was_not_out_of_memory()
    {
        Assert.SkipUnless(DockerTool.Obstacle is null, DockerTool.Obstacle ?? "");

        await EndOfAsync(Bomb); // the count of what came before is not his
        Assert.Equal((137, (string?)null), await EndOfAsync("kill -9 $$"));
        Assert.Equal((3, (string?)null), await EndOfAsync("exit 3"));
    }

    [Fact]
    public async Task Beside_a_server_only_who_was_killed_counts()
    {
        Assert.SkipUnless(DockerTool.Obstacle is null, DockerTool.Obstacle ?? "");

        await _container.Http.LaunchAsync(AgentHttp.Shell("sleep 1000"));
        var innocent = _container.Http.RunAsync("read line; exit 7");
        await RunningAgent.WaitUntilAsync(async () => (await _container.Http.ListAsync()).Processes!.Count == 2, "both run");

        Assert.Equal((137, ExceededLimits.Memory), await EndOfAsync($"exec {Bomb}"));
        await _container.Http.CloseStdinAsync((await _container.Http.ListAsync()).Processes![1].Pid);
        Assert.Equal((7, null), ((await innocent).End!.ExitCode, (await innocent).End!.Flourisha!.Exceeded));
    }

    [Fact]
    public async Task Many_small_processes_use_up_the_memory_and_the_agent_is_spared()
    {
        Assert.SkipUnless(DockerTool.Obstacle is null, DockerTool.Obstacle ?? "");

        // Each is smaller than the agent, which the kernel would take first if it went by size alone.
        var run = await _container.Http.RunAsync("for i in $(seq 60); do perl -e '$x = \"x\" x (4 << 20); sleep 3' & done; wait; echo waited");

        Assert.Equal("waited\n", run.Stdout);
        Assert.Equal(ExceededLimits.Memory, run.End!.Flourisha!.Exceeded);
        Assert.Equal("alive\n", (await _container.Http.RunAsync("echo alive")).Stdout);
    }

    [Fact]
    public async Task Commands_come_before_the_agent_when_memory_runs_out()
    {
        Assert.SkipUnless(DockerTool.Obstacle is null, DockerTool.Obstacle ?? "");

        var run = await _container.Http.RunAsync("cat /proc/self/oom_score_adj /proc/1/oom_score_adj; sh -c 'cat /proc/self/oom_score_adj'");

        Assert.Equal("500\n0\n500\n", run.Stdout);
    }

    private async Task<(int ExitCode, string? Exceeded)> EndOfAsync(string script)
    {
        var run = await _container.Http.RunAsync(script);
        return (run.End!.ExitCode, run.End.Flourisha!.Exceeded);
    }
}
