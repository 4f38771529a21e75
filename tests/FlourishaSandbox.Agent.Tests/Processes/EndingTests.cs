using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Agent.Tests.Processes;

/// <summary>Whatever is ended, is ended with all that it started; and what it said until then is kept.</summary>
public sealed class EndingTests(RunningAgent agent) : IClassFixture<RunningAgent>
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task At_its_time_out_a_tree_is_gone_within_two_seconds_and_its_port_is_free()
    {
        // What npm and its like leave behind: a server in a session of its own, a daemon that has forked twice, one that threw its environment away.
        var port = RunningAgent.FindPort();
        var marker = UniqueSeconds();
        var script = $"""
            setsid python3 -c 'import socket,time; s=socket.socket(); s.bind(("127.0.0.1",{port})); s.listen(); print("listening",flush=True); time.sleep({marker})' &
            (setsid sh -c 'sleep {marker} & exec sleep {marker}' &)
            env -i setsid -f sleep {marker}
            trap "" TERM
            sleep {marker}
            """;
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "there is no python3");
        var watch = Stopwatch.StartNew();
        var run = await agent.Http.RunAsync(AgentHttp.Shell(script), TimeSpan.FromSeconds(2));
        var taken = watch.Elapsed - TimeSpan.FromSeconds(2);

        Assert.Equal("listening\n", run.Stdout);
        Assert.True(run.End!.Flourisha!.TimedOut);
        Assert.Equal(9, run.End.Flourisha.Signal); // The shell did not listen to TERM.
        Assert.Equal(6, run.End.Flourisha.Killed!.Count);
        Assert.Contains(run.End.Flourisha.Killed, killed => killed.Name == "python3");
        Assert.Empty(FindByArgument(marker));
        using (var listener = new TcpListener(IPAddress.Loopback, port))
            listener.Start();

        Assert.InRange(taken, TimeSpan.Zero, s_soon);
    }

    [Fact]
    public async Task A_time_out_is_an_error_for_clients_that_know_no_better()
    {
        var run = await agent.Http.RunAsync(AgentHttp.Shell("echo so far; sleep 100") with { Flourisha = null }, TimeSpan.FromMilliseconds(300));
        Assert.Equal(("so far\n", ConnectCode.DeadlineExceeded), (run.Stdout, run.Failure!.Code));
        Assert.True((await agent.Http.FollowAsync(run.Pid)).End!.Flourisha!.TimedOut);
    }

    [Fact]
    public async Task A_time_out_goes_on_when_the_client_has_gone()
    {
        var marker = UniqueSeconds();
        var events = agent.Http.StartAsync(AgentHttp.Shell($"sleep {marker}"), TimeSpan.FromMilliseconds(500)).GetAsyncEnumerator();
        await events.MoveNextAsync();
        await events.DisposeAsync();
        await RunningAgent.WaitUntilAsync(() => FindByArgument(marker).Count == 0, "its time is over");
    }

    [Fact]
    public async Task A_time_out_spares_what_a_command_left_behind_that_ended_in_time()
    {
        var marker = UniqueSeconds();
        var run = await agent.Http.RunAsync(AgentHttp.Shell($"sleep {marker} & echo done"), TimeSpan.FromMilliseconds(500));
        Assert.False(run.End!.Flourisha!.TimedOut);
        await Task.Delay(1000);
        Assert.Single(FindByArgument(marker));
        await agent.Http.SignalAsync(run.Pid, Signal.Sigkill);
        await RunningAgent.WaitUntilAsync(() => FindByArgument(marker).Count == 0, "it is killed all the same when one asks for it");
    }

    [Fact]
    public async Task Who_listens_to_TERM_has_time_to_say_so()
    {
        var request = AgentHttp.Shell("trap 'sleep 0.2; echo bye; exit 5' TERM; echo hi; while :; do sleep 0.05; done") with { Flourisha = new StartOptions { GraceMs = 20_000 } };
        var run = await agent.Http.RunAsync(request, TimeSpan.FromMilliseconds(500));
        Assert.Equal(("hi\nbye\n", 5, true), (run.Stdout, run.End!.ExitCode, run.End.Flourisha!.TimedOut));
    }

    [Fact]
    public async Task What_is_stopped_is_ended_too()
    {
        var marker = UniqueSeconds();
        var pid = await agent.Http.LaunchAsync(AgentHttp.Shell($"sleep {marker} & kill -STOP $!; kill -STOP $$"));
        await RunningAgent.WaitUntilAsync(() => File.ReadAllText($"/proc/{pid}/stat").Contains(") T ", StringComparison.Ordinal), "it has stopped");
        var stopped = await agent.Http.StopAsync(pid, 5000);
        Assert.Equal("signal: terminated", stopped.End!.Status);
        Assert.Equal(2, stopped.Killed!.Count);
        Assert.Empty(FindByArgument(marker));
    }

    [Fact]
    public async Task Stop_tells_what_it_ended_and_SIGKILL_hurries_it()
    {
        var marker = UniqueSeconds();
        var pid = await agent.Http.LaunchAsync(AgentHttp.Shell($"trap '' TERM; sleep {marker} & while :; do sleep 0.1; done"));
        await RunningAgent.WaitUntilAsync(() => FindByArgument(marker).Count == 2, "the shell is deaf to SIGTERM");
        var watch = Stopwatch.StartNew();
        var stopping = agent.Http.StopAsync(pid, 60_000);
        await Task.Delay(300);
        Assert.False(stopping.IsCompleted);
        await agent.Http.SignalAsync(pid, Signal.Sigkill);
        var stopped = await stopping;
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Equal(("signal: killed", false), (stopped.End!.Status, stopped.End.Flourisha!.TimedOut));
        Assert.Contains(stopped.Killed!, killed => killed.Pid == pid && killed.Name == "sh");
        Assert.Empty((await agent.Http.StopAsync(pid, 0)).Killed!);
    }

    [Fact]
    public async Task SIGTERM_reaches_the_whole_tree()
    {
        var marker = UniqueSeconds();
        var pid = await agent.Http.LaunchAsync(AgentHttp.Shell($"setsid sleep {marker} & sleep {marker}; echo the shell goes on"));
        await RunningAgent.WaitUntilAsync(() => FindByArgument(marker).Count == 3, "all run");
        await agent.Http.SignalAsync(pid, Signal.Sigterm);
        await RunningAgent.WaitUntilAsync(() => FindByArgument(marker).Count == 0, "all have ended");
    }

    [Fact]
    public async Task A_tree_that_ends_with_its_stream_is_gone_when_the_client_hangs_up()
    {
        var marker = UniqueSeconds();
        var request = AgentHttp.Shell($"setsid sleep {marker} & sleep {marker}") with { Flourisha = new StartOptions { EndWithStream = true } };
        using (var hangUp = new CancellationTokenSource())
        {
            await using var events = agent.Http.StartAsync(request, cancellationToken: hangUp.Token).GetAsyncEnumerator();
            await events.MoveNextAsync();
            await RunningAgent.WaitUntilAsync(() => FindByArgument(marker).Count == 3, "all run");
            await hangUp.CancelAsync();
        }

        var watch = Stopwatch.StartNew();
        await RunningAgent.WaitUntilAsync(() => FindByArgument(marker).Count == 0, "all have ended");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, s_soon);
    }

    [Fact]
    public async Task A_process_that_ends_with_its_stream_is_forgotten_and_what_it_left_behind_can_write_on()
    {
        var file = Path.GetTempFileName();
        var request = AgentHttp.Shell($"(sleep 0.5; seq 100000; echo wrote it all > {file}) & echo done") with { Flourisha = new StartOptions { EndWithStream = true } };
        var run = await agent.Http.RunAsync(request);
        Assert.Equal("done\n", run.Stdout);
        Assert.DoesNotContain((await agent.Http.ListAsync(all: true)).Processes!, process => process.Pid == run.Pid);
        await RunningAgent.WaitUntilAsync(() => File.ReadAllText(file) == "wrote it all\n", "the background has not been cut off");
        File.Delete(file);
    }

    [Fact]
    public async Task A_fork_bomb_is_ended()
    {
        var marker = UniqueSeconds();
        var script = $"b() {{ [ $1 -gt 0 ] && {{ b $(($1-1)) & b $(($1-1)) & }}; sleep {marker}; }}; ulimit -u 2000; b 8; wait";
        var run = await agent.Http.RunAsync(AgentHttp.Shell(script), TimeSpan.FromMilliseconds(400));
        Assert.True(run.End!.Flourisha!.TimedOut);
        Assert.InRange(run.End.Flourisha.Killed!.Count, 10, 2000);
        Assert.Empty(FindByArgument(marker));
    }

    [Fact]
    public async Task Who_kills_his_supervisor_does_not_get_away()
    {
        var marker = UniqueSeconds();
        var pid = await agent.Http.LaunchAsync(AgentHttp.Shell($"echo so far; setsid sleep {marker} & sleep 0.3; kill -KILL $PPID; sleep {marker}"));
        var run = await agent.Http.FollowAsync(pid);
        Assert.Equal("so far\n", run.Stdout);
        Assert.Equal((137, false, "its supervisor was killed"), (run.End!.ExitCode, run.End.Exited, run.End.Error));
        await RunningAgent.WaitUntilAsync(() => FindByArgument(marker).Count == 0, "all are gone");
        Assert.Equal("alive\n", (await agent.Http.RunAsync("echo alive")).Stdout);
    }

    [Fact]
    public async Task A_client_who_does_not_read_holds_nobody_up_who_ends_the_process()
    {
        await using var events = agent.Http.StartAsync(AgentHttp.Shell("exec yes") with { Flourisha = new StartOptions { OutputLimit = 4096 } }).GetAsyncEnumerator();
        await events.MoveNextAsync();
        await Task.Delay(500); // All buffers are full now.
        var watch = Stopwatch.StartNew();
        var stopped = await agent.Http.StopAsync(events.Current.Start!.Pid, 0);
        Assert.Equal("yes", stopped.Killed!.Single().Name);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Other_trees_are_left_alone()
    {
        var marker = UniqueSeconds();
        var other = await agent.Http.LaunchAsync(AgentHttp.Shell($"exec sleep {marker}"));
        var pid = await agent.Http.LaunchAsync(AgentHttp.Shell("sleep 1000"));
        await agent.Http.SignalAsync(pid, Signal.Sigkill);
        Assert.Single(FindByArgument(marker));
        await agent.Http.SignalAsync(other, Signal.Sigkill);
    }

    [Fact]
    public async Task Signals_that_are_none_are_refused()
    {
        var pid = await agent.Http.LaunchAsync(AgentHttp.Shell("sleep 100"));
        Assert.Equal(ConnectCode.InvalidArgument, (await Assert.ThrowsAsync<ConnectException>(() => agent.Http.SignalAsync(pid, Signal.Unspecified))).Code);
        Assert.Equal(ConnectCode.InvalidArgument, (await Assert.ThrowsAsync<ConnectException>(() => agent.Http.StopAsync(pid, -1))).Code);
        await agent.Http.SignalAsync(pid, Signal.Sigkill);
    }

    /// <summary>A number of seconds that no other test sleeps for, to find its processes by.</summary>
    private static string UniqueSeconds() => Random.Shared.Next(100_000_000, 999_999_999).ToString(CultureInfo.InvariantCulture);

    private static List<string> FindByArgument(string argument)
        => [.. Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(folder[^1])).Where(folder => CommandLine(folder).Contains(argument, StringComparison.Ordinal))];

    private static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (IOException)
        {
            return ""; // It has ended meanwhile.
        }
    }
}
