using System.Diagnostics;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Agent.Tests.Containers;

public sealed class ContainerTests(AgentContainer container) : IClassFixture<AgentContainer>
{
    private const string TokenRequest = "GET /flourisha/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    private static void RequireEngine() => Assert.SkipUnless(DockerTool.Obstacle is null, DockerTool.Obstacle ?? "");

    [Fact]
    public async Task It_is_process_1_and_runs_commands_as_the_user()
    {
        RequireEngine();
        var run = await container.Http.RunAsync("cat /proc/1/comm; id -u; id -g; pwd; grep -E 'CapEff|NoNewPrivs' /proc/self/status");
        Assert.Equal("flourisha-agent\n1000\n1000\n/tmp\nCapEff:\t0000000000000000\nNoNewPrivs:\t1\n", run.Stdout);
    }

    [Theory]
    [InlineData("cat /proc/1/environ")]
    [InlineData("head -c 1 /proc/1/mem")]
    [InlineData("cat /proc/1/maps")]
    [InlineData("ls /proc/1/fd/")]
    [InlineData("readlink /proc/1/exe")]
    [InlineData("cat /proc/$PPID/environ")]
    [InlineData("cat /proc/$PPID/maps")]
    [InlineData("cat /.flourisha/agent/flourisha-agent")]
    public async Task A_child_cannot_look_into_the_agent_or_its_supervisor(string command)
    {
        RequireEngine();
        await container.Http.RunAsync("true"); // The agent has the token in its memory now.
        var run = await container.Http.RunAsync($"LC_ALL=C {command}");
        Assert.Equal("", run.Stdout);
        Assert.Matches("[Pp]ermission denied|cannot open|^$", run.Stderr);
        Assert.NotEqual(0, run.End!.ExitCode);
    }

    [Fact]
    public async Task The_token_is_in_nothing_that_a_child_can_read()
    {
        RequireEngine();
        var run = await container.Http.RunAsync("env; cat /proc/*/environ /proc/*/cmdline 2> /dev/null | tr '\\0' '\\n'");
        Assert.Contains("PATH=", run.Stdout, StringComparison.Ordinal);
        Assert.DoesNotContain(AgentContainer.Token, run.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_cannot_end_the_agent()
    {
        RequireEngine();
        foreach (var signal in new[] { "TERM", "INT", "HUP", "QUIT", "KILL", "STOP", "USR1", "PIPE", "CHLD" })
            await container.Http.RunAsync($"kill -{signal} 1");

        await container.Http.RunAsync("trap '' TERM; kill -TERM -1; sleep 0.2");
        await Task.Delay(300);
        Assert.Equal("alive\n", (await container.Http.RunAsync("echo alive")).Stdout);
    }

    [Fact]
    public async Task Whom_the_engine_started_gets_the_token_through_the_relay()
    {
        RequireEngine();
        await container.Http.RunAsync("true");
        var (_, output, _) = await DockerTool.TryAsync(TokenRequest, "exec", "--interactive", container.Name, AgentContainer.Program, "relay");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", output, StringComparison.Ordinal);
        Assert.Contains(AgentContainer.Token, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_was_started_from_inside_does_not_get_it()
    {
        RequireEngine();
        var run = await container.Http.RunAsync($"(printf '{TokenRequest.Replace("\r\n", "\\r\\n", StringComparison.Ordinal)}'; sleep 1) | {AgentContainer.Program} relay");
        Assert.StartsWith("HTTP/1.1 403 ", run.Stdout, StringComparison.Ordinal);
        Assert.DoesNotContain(AgentContainer.Token, run.Stdout, StringComparison.Ordinal);

        // Nor does it help that a grandparent is outside, or to be something else that the engine started.
        var (_, below, _) = await DockerTool.TryAsync(TokenRequest, "exec", "--interactive", container.Name, "/bin/sh", "-c", $"{AgentContainer.Program} relay; true");
        Assert.StartsWith("HTTP/1.1 403 ", below, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_readable_program_that_the_engine_started_does_not_get_it()
    {
        RequireEngine();
        await container.Http.RunAsync("true");
        var script = $$"""
            use Socket;
            socket(my $agent, AF_UNIX, SOCK_STREAM, 0);
            connect($agent, pack("S", AF_UNIX) . "\0flourisha-agent-49983") or die "cannot connect: $!";
            syswrite($agent, "{{TokenRequest.Replace("\r\n", "\\r\\n", StringComparison.Ordinal)}}");
            print while <$agent>;
            """;
        var (_, output, error) = await DockerTool.TryAsync(null, "exec", container.Name, "perl", "-e", script);
        Assert.True(output.StartsWith("HTTP/1.1 403 ", StringComparison.Ordinal), output + error);
    }

    [Fact]
    public async Task The_relay_serves_all_that_the_token_opens()
    {
        RequireEngine();
        var request = $"GET /flourisha/info HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Access-Token: {AgentContainer.Token}\r\n\r\n";
        var (_, output, _) = await DockerTool.TryAsync(request, "exec", "--interactive", container.Name, AgentContainer.Program, "relay");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", output, StringComparison.Ordinal);
        var (_, refused, _) = await DockerTool.TryAsync(request.Replace("only", "not", StringComparison.Ordinal), "exec", "--interactive", container.Name, AgentContainer.Program, "relay");
        Assert.StartsWith("HTTP/1.1 401 ", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_engine_started_and_left_behind_is_reaped()
    {
        RequireEngine();
        await DockerTool.RunAsync("exec", container.Name, "/bin/sh", "-c", "for i in 1 2 3 4 5; do sleep 0.1 & done");
        await RunningAgent.WaitUntilAsync(
            async () => (await container.Http.RunAsync("grep -lE '^State:.Z|^Name:.sleep' /proc/[0-9]*/status 2> /dev/null; true")).Stdout.Length == 0,
            "no process is left, dead or alive");
    }

    [Fact]
    public async Task The_engine_can_stop_it()
    {
        RequireEngine();
        await using var other = new AgentContainer();
        await other.InitializeAsync();
        var run = other.Http.RunAsync("trap 'echo bye; exit' TERM; echo hi; while :; do sleep 0.05; done");
        await RunningAgent.WaitUntilAsync(async () => (await other.Http.ListAsync()).Processes is [{ Flourisha.Offset: > 0 }], "it runs");
        var watch = Stopwatch.StartNew();
        await DockerTool.RunAsync("stop", other.Name);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(8)); // 10 s later the engine kills.
        Assert.Equal("143", await other.WaitForExitAsync());
        Assert.Equal("hi\nbye\n", (await run).Stdout);
    }

    [Fact]
    public async Task The_container_ends_at_the_deadline()
    {
        RequireEngine();
        await using var other = new AgentContainer { AgentOptions = ["--lifetime", "1"] };
        await other.InitializeAsync();
        Assert.Equal("124", await other.WaitForExitAsync());
    }

    [Fact]
    public async Task Where_processes_are_used_up_this_is_told_and_they_can_be_ended()
    {
        RequireEngine();
        await using var other = new AgentContainer { EngineOptions = ["--pids-limit", "64"] };
        await other.InitializeAsync();
        var bomb = await other.Http.LaunchAsync(AgentHttp.Shell("exec perl -e 'while (1) { defined(fork) or sleep 1 }'"));
        await RunningAgent.WaitUntilAsync(
            async () => (await other.Http.RunAsync(new StartRequest { Process = new ProcessConfig { Cmd = "true" } })).Failure?.Code == ConnectCode.ResourceExhausted,
            "there is no process to be had");

        // Threads are counted among them, and the agent must not need another one now.
        var runs = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => other.Http.RunAsync("true")));
        Assert.All(runs, run => Assert.Equal(ConnectCode.ResourceExhausted, run.Failure!.Code));
        await other.Http.SignalAsync(bomb, Signal.Sigkill);
        Assert.Equal("alive\n", (await other.Http.RunAsync("echo alive")).Stdout);
    }
}
