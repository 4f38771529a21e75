using System.Text;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Agent.Tests.Processes;

public sealed class TerminalTests(RunningAgent agent) : IClassFixture<RunningAgent>
{
    private static Pty Size(int columns, int rows) => new(new PtySize(columns, rows));

    [Fact]
    public async Task It_is_the_terminal_of_the_session_and_has_its_size()
    {
        var run = await agent.Http.RunAsync(AgentHttp.Shell("stty size; tty; echo $TERM; true < /dev/tty; [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && exit 7") with { Pty = Size(101, 33) });
        Assert.Matches(@"^33 101\r\n/dev/pts/\d+\r\nxterm-256color\r\n$", run.Terminal);
        Assert.Equal(("", "", 7), (run.Stdout, run.Stderr, run.End!.ExitCode));
    }

    [Fact]
    public async Task It_has_a_usual_size_where_none_is_said()
        => Assert.Equal("24 80\r\n", (await agent.Http.RunAsync(AgentHttp.Shell("stty size") with { Pty = new Pty() })).Terminal);

    [Fact]
    public async Task A_shell_obeys_its_terminal()
    {
        var pid = await agent.Http.LaunchAsync(new StartRequest { Process = new ProcessConfig { Cmd = "/bin/sh", Args = ["-i"] }, Pty = Size(80, 24) });
        var shell = agent.Http.FollowAsync(pid);

        await TypeAsync(pid, "trap 'echo resized to $(stty size)' WINCH\nstty size\n");
        await WaitForAsync(pid, "24 80");
        await RunningAgent.WaitUntilAsync(
            async () =>
            {
                // The signal goes to what is in the foreground, which may still be stty.
                await agent.Http.ResizeAsync(pid, 131, 50);
                await agent.Http.ResizeAsync(pid, 132, 50);
                await TypeAsync(pid, "\n");
                return (await agent.Http.FollowAsync(pid, follow: false)).Terminal.Contains("resized to 50 132", StringComparison.Ordinal);
            },
            "the shell hears of it");

        // Ctrl+C ends what is in the foreground, and not the shell.
        await TypeAsync(pid, "echo wait''ing; sleep 1000; echo not re''ached\n");
        await WaitForAsync(pid, "waiting\r\n");
        await TypeAsync(pid, "\u0003");
        await TypeAsync(pid, "echo still h''ere\n");
        await WaitForAsync(pid, "still here\r\n");

        await TypeAsync(pid, "exit 9\n");
        var run = await shell;
        Assert.Equal(9, run.End!.ExitCode);
        Assert.DoesNotContain("not reached\r\n", run.Terminal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Much_output_through_a_terminal_is_complete()
    {
        var run = await agent.Http.RunAsync(AgentHttp.Shell("seq 100000") with { Pty = Size(80, 24) });
        Assert.Equal(string.Concat(Enumerable.Range(1, 100_000).Select(i => $"{i}\r\n")), run.Terminal);
    }

    [Fact]
    public async Task What_is_left_in_the_background_does_not_hold_the_end()
    {
        var run = await agent.Http.RunAsync(AgentHttp.Shell("(trap '' HUP; sleep 1000) & sleep 0.2; echo done") with { Pty = Size(80, 24) });
        Assert.Equal("done\r\n", run.Terminal);
        Assert.Equal(0, run.End!.ExitCode);
        await agent.Http.SignalAsync(run.Pid, Signal.Sigkill);
    }

    [Fact]
    public async Task It_is_killed_as_others_are()
    {
        var pid = await agent.Http.LaunchAsync(new StartRequest { Process = new ProcessConfig { Cmd = "/bin/sh", Args = ["-i"] }, Pty = Size(80, 24) });
        await agent.Http.SignalAsync(pid, Signal.Sigkill);
        Assert.Equal(137, (await agent.Http.FollowAsync(pid)).End!.ExitCode);
    }

    [Fact]
    public async Task What_it_is_not_for_is_refused()
    {
        var pid = await agent.Http.LaunchAsync(AgentHttp.Shell("sleep 100") with { Pty = Size(80, 24) });
        Assert.Equal(ConnectCode.FailedPrecondition, (await Assert.ThrowsAsync<ConnectException>(() => agent.Http.SendInputAsync(pid, "x"))).Code);
        Assert.Equal(ConnectCode.FailedPrecondition, (await Assert.ThrowsAsync<ConnectException>(() => agent.Http.CloseStdinAsync(pid))).Code);
        Assert.Equal(ConnectCode.InvalidArgument, (await Assert.ThrowsAsync<ConnectException>(() => agent.Http.ResizeAsync(pid, 70_000, 24))).Code);
        await agent.Http.SignalAsync(pid, Signal.Sigkill);

        var piped = await agent.Http.LaunchAsync(AgentHttp.Shell("sleep 100"));
        Assert.Equal(ConnectCode.FailedPrecondition, (await Assert.ThrowsAsync<ConnectException>(() => agent.Http.ResizeAsync(piped, 80, 24))).Code);
        await agent.Http.SignalAsync(piped, Signal.Sigkill);
    }

    private Task TypeAsync(int pid, string text) => agent.Http.SendInputAsync(pid, new ProcessInput { Pty = Encoding.UTF8.GetBytes(text) });

    private Task WaitForAsync(int pid, string text)
        => RunningAgent.WaitUntilAsync(async () => (await agent.Http.FollowAsync(pid, follow: false)).Terminal.Contains(text, StringComparison.Ordinal), text);
}
