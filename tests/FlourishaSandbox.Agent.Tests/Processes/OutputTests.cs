using System.Diagnostics;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Agent.Tests.Processes;

public sealed class OutputTests(RunningAgent agent) : IClassFixture<RunningAgent>
{
    [Fact]
    public async Task A_child_in_the_background_that_holds_the_output_delays_nothing()
    {
        var watch = Stopwatch.StartNew();
        var run = await agent.Http.RunAsync("sleep 1000 & echo done");
        Assert.Equal(("done\n", 0), (run.Stdout, run.End!.ExitCode));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await agent.Http.SignalAsync(run.Pid, Signal.Sigkill);
    }

    [Fact]
    public async Task What_the_command_wrote_just_before_its_end_is_there()
    {
        for (var i = 0; i < 20; i++)
        {
            var run = await agent.Http.RunAsync("sleep 100 & head -c 60000 /dev/zero; head -c 60000 /dev/zero >&2");
            Assert.Equal(120_000, run.Bytes);
            await agent.Http.SignalAsync(run.Pid, Signal.Sigkill);
        }
    }

    [Fact]
    public async Task Output_is_kept_while_nobody_listens()
    {
        var pid = await agent.Http.LaunchAsync(AgentHttp.Shell("sleep 0.2; echo one; echo two >&2; sleep 0.2; echo three"));
        await Task.Delay(700);
        var run = await agent.Http.FollowAsync(pid);
        Assert.Equal(("one\nthree\n", "two\n", 0), (run.Stdout, run.Stderr, run.End!.ExitCode));
        Assert.Equal(new OutputPosition(0, 0), run.Start!.Flourisha);
    }

    [Fact]
    public async Task One_goes_on_where_one_left_off()
    {
        var run = await agent.Http.RunAsync("printf abc; sleep 0.2; printf def >&2; sleep 0.2; printf ghi");
        var rest = await agent.Http.FollowAsync(run.Pid, 4);
        Assert.Equal(("ghi", "ef"), (rest.Stdout, rest.Stderr));
        Assert.Equal(new OutputPosition(4, 0), rest.Start!.Flourisha);
        Assert.Equal(0, (await agent.Http.FollowAsync(run.Pid, 9)).Bytes);
        Assert.Equal(ConnectCode.OutOfRange, (await agent.Http.FollowAsync(run.Pid, 10)).Failure!.Code);
        Assert.Equal(ConnectCode.OutOfRange, (await agent.Http.FollowAsync(run.Pid, -1)).Failure!.Code);
    }

    [Fact]
    public async Task One_need_not_follow()
    {
        var pid = await agent.Http.LaunchAsync(AgentHttp.Shell("echo so far; sleep 100"));
        await RunningAgent.WaitUntilAsync(async () => (await agent.Http.FollowAsync(pid, follow: false)).Stdout == "so far\n", "it has written");
        Assert.Null((await agent.Http.FollowAsync(pid, follow: false)).End);
        await agent.Http.SignalAsync(pid, Signal.Sigkill);
        Assert.NotNull((await agent.Http.FollowAsync(pid, follow: false)).End);
    }

    [Fact]
    public async Task Several_listeners_all_get_everything()
    {
        var pid = await agent.Http.LaunchAsync(AgentHttp.Shell("for i in 1 2 3 4 5; do echo $i; sleep 0.05; done"));
        var runs = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => agent.Http.FollowAsync(pid)));
        Assert.All(runs, run => Assert.Equal("1\n2\n3\n4\n5\n", run.Stdout));
    }

    [Fact]
    public async Task What_is_no_longer_kept_is_told()
    {
        var request = AgentHttp.Shell("seq 100000; sleep 100") with { Flourisha = new StartOptions { OutputLimit = 64 * 1024 } };
        var pid = await agent.Http.LaunchAsync(request);
        await RunningAgent.WaitUntilAsync(async () => (await agent.Http.ListAsync()).Processes!.Single(process => process.Pid == pid).Flourisha!.Offset == 588_895, "all is written");

        var run = await agent.Http.FollowAsync(pid, follow: false);
        Assert.Equal(new OutputPosition(588_895 - (64 * 1024), 588_895 - (64 * 1024)), run.Start!.Flourisha);
        Assert.Equal(string.Concat(Enumerable.Range(1, 100_000).Select(i => $"{i}\n"))[^(64 * 1024)..], run.Stdout);
        await agent.Http.SignalAsync(pid, Signal.Sigkill);
    }

    [Fact]
    public async Task What_the_background_writes_after_the_end_is_there_for_those_who_come_later()
    {
        var run = await agent.Http.RunAsync("(sleep 0.3; echo later) & echo now");
        Assert.Equal("now\n", run.Stdout);
        await RunningAgent.WaitUntilAsync(async () => (await agent.Http.FollowAsync(run.Pid)).Stdout == "now\nlater\n", "the background has written");
        Assert.Equal(4, (await agent.Http.FollowAsync(run.Pid)).End!.Flourisha!.Offset);
    }

    [Fact]
    public async Task Both_streams_by_turns_cost_no_more_memory_than_their_output_may()
    {
        var before = agent.Memory("VmRSS");
        var request = new StartRequest
        {
            Process = new ProcessConfig { Cmd = "/bin/sh", Args = ["-c", "i=0; while [ $i -lt 50000 ]; do echo -n o; echo -n e >&2; i=$((i+1)); done"] },
            Flourisha = new StartOptions { OutputLimit = 256 * 1024 },
        };
        var run = await agent.Http.FollowAsync(await agent.Http.LaunchAsync(request));
        Assert.Equal(0, run.End!.ExitCode);
        Assert.InRange(agent.Memory("VmRSS") - before, -100_000, 32 * 1024);
    }

    [Fact]
    public async Task A_listener_that_is_slow_slows_the_process_down_and_misses_nothing()
    {
        var request = AgentHttp.Shell("seq 3000000") with { Flourisha = new StartOptions { OutputLimit = 64 * 1024 } };
        var text = new System.Text.StringBuilder();
        var run = new ProcessRun();
        await foreach (var what in agent.Http.StartAsync(request))
        {
            if (what.Start is not null)
            {
                await Task.Delay(1500);
                var written = (await agent.Http.ListAsync()).Processes!.Single(process => process.Pid == what.Start.Pid).Flourisha!.Offset;
                Assert.InRange(written, 64 * 1024, 16 << 20); // What is in the ring, and in the buffers of two sockets.
            }

            run.Take(what);
        }

        Assert.Equal(22_888_896, run.Bytes);
        Assert.Equal(string.Concat(Enumerable.Range(1, 3_000_000).Select(i => $"{i}\n")), run.Stdout);
    }
}
