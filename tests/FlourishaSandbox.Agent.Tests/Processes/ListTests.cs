using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Agent.Tests.Processes;

public sealed class ListTests(RunningAgent agent) : IClassFixture<RunningAgent>
{
    [Fact]
    public async Task What_runs_is_listed_as_it_was_started()
    {
        var request = AgentHttp.Shell("echo hello; sleep 100 & sleep 100") with { Tag = "listed", Stdin = false };
        var pid = await agent.Http.LaunchAsync(request);
        await RunningAgent.WaitUntilAsync(async () => (await FindAsync(pid)).Flourisha!.Running == 3, "the shell and both of its children run");

        var info = await FindAsync(pid);
        Assert.Equal(("listed", "/bin/sh", request.Process!.Args![1]), (info.Tag, info.Config!.Cmd, info.Config.Args![1]));
        Assert.Equal((6L, 0L, false, null), (info.Flourisha!.Offset, info.Flourisha.Kept, info.Flourisha.Pty, info.Flourisha.End));
        Assert.InRange(DateTimeOffset.UtcNow - info.Flourisha.StartedAt, TimeSpan.Zero, RunningAgent.Patience);

        await agent.Http.SignalAsync(pid, Signal.Sigkill);
        Assert.DoesNotContain((await agent.Http.ListAsync()).Processes!, process => process.Pid == pid);
        var ended = (await agent.Http.ListAsync(all: true)).Processes!.Single(process => process.Pid == pid).Flourisha!;
        Assert.Equal((137, 0), (ended.End!.ExitCode, ended.Running));
        Assert.NotNull(ended.EndedAt);
    }

    [Fact]
    public async Task A_tag_finds_what_runs_before_what_has_ended()
    {
        var request = AgentHttp.Shell("echo first") with { Tag = "twice" };
        await agent.Http.RunAsync(request);
        var pid = await agent.Http.LaunchAsync(AgentHttp.Shell("sleep 100") with { Tag = "twice" });
        await agent.Http.RunAsync(request);

        using var hangUp = new CancellationTokenSource(RunningAgent.Patience);
        await foreach (var what in agent.Http.ConnectAsync(new ConnectRequest { Process = new ProcessSelector { Tag = "twice" } }, cancellationToken: hangUp.Token))
        {
            Assert.Equal(pid, what.Start!.Pid);
            break;
        }

        await agent.Http.SignalAsync(pid, Signal.Sigkill);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        Assert.Equal(ConnectCode.NotFound, (await agent.Http.FollowAsync(999_999_999)).Failure!.Code);
        await FailsAsync(ConnectCode.NotFound, () => agent.Http.SignalAsync(1, Signal.Sigkill));
        await FailsAsync(ConnectCode.NotFound, () => agent.Http.SendInputAsync(1, "x"));
        await FailsAsync(ConnectCode.NotFound, () => agent.Http.CloseStdinAsync(1));
        await FailsAsync(ConnectCode.NotFound, () => agent.Http.ResizeAsync(1, 80, 24));
        await FailsAsync(ConnectCode.NotFound, () => agent.Http.StopAsync(1, 0));
    }

    [Fact]
    public async Task A_process_that_has_ended_takes_neither_input_nor_signals()
    {
        var run = await agent.Http.RunAsync("true");
        await RunningAgent.WaitUntilAsync(async () => (await FindAsync(run.Pid, all: true)).Flourisha!.Running == 0, "it is gone");
        await FailsAsync(ConnectCode.NotFound, () => agent.Http.SignalAsync(run.Pid, Signal.Sigkill));
        await FailsAsync(ConnectCode.NotFound, () => agent.Http.SendInputAsync(run.Pid, "x"));
    }

    [Fact]
    public async Task A_selector_names_one_process()
    {
        var none = await ProcessRun.ReadAsync(agent.Http.ConnectAsync(new ConnectRequest { Process = new ProcessSelector() }));
        var both = await ProcessRun.ReadAsync(agent.Http.ConnectAsync(new ConnectRequest { Process = new ProcessSelector { Pid = 1, Tag = "x" } }));
        Assert.Equal((ConnectCode.InvalidArgument, ConnectCode.InvalidArgument), (none.Failure!.Code, both.Failure!.Code));
    }

    [Fact]
    public async Task Of_what_has_ended_the_newest_64_are_kept()
    {
        using var crowded = new RunningAgent();
        var pids = new List<int>();
        for (var i = 0; i < 70; i++)
            pids.Add((await crowded.Http.RunAsync("echo x")).Pid);

        Assert.Equal(pids.TakeLast(64), (await crowded.Http.ListAsync(all: true)).Processes!.Select(process => process.Pid));
        Assert.Equal(ConnectCode.NotFound, (await crowded.Http.FollowAsync(pids[0])).Failure!.Code);
        Assert.Equal("x\n", (await crowded.Http.FollowAsync(pids[^1])).Stdout);
    }

    [Fact]
    public async Task Of_the_output_of_what_has_ended_the_newest_16_MiB_are_kept()
    {
        using var crowded = new RunningAgent();
        for (var i = 0; i < 8; i++)
            await crowded.Http.RunAsync("head -c 4194304 /dev/zero");

        Assert.Equal(4, (await crowded.Http.ListAsync(all: true)).Processes!.Count);
    }

    private static async Task FailsAsync(ConnectCode code, Func<Task> call) => Assert.Equal(code, (await Assert.ThrowsAsync<ConnectException>(call)).Code);

    private async Task<ProcessInfo> FindAsync(int pid, bool all = false) => (await agent.Http.ListAsync(all)).Processes!.Single(process => process.Pid == pid);
}
