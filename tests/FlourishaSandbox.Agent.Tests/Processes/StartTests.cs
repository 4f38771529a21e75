using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Agent.Tests.Processes;

public sealed class StartTests(RunningAgent agent) : IClassFixture<RunningAgent>
{
    [Fact]
    public async Task A_command_runs_and_tells_both_streams_and_its_exit_code()
    {
        var run = await agent.Http.RunAsync("echo out; echo err >&2; exit 3");
        Assert.Equal(("out\n", "err\n"), (run.Stdout, run.Stderr));
        Assert.Equal((3, true, "exit status 3", "exit status 3"), (run.End!.ExitCode, run.End.Exited, run.End.Status, run.End.Error));
        Assert.Equal(8, run.End.Flourisha!.Offset);
    }

    [Fact]
    public async Task A_command_that_does_well_has_no_error()
    {
        var run = await agent.Http.RunAsync(new StartRequest { Process = new ProcessConfig { Cmd = "true" } });
        Assert.Equal((0, true, "exit status 0", null), (run.End!.ExitCode, run.End.Exited, run.End.Status, run.End.Error));
    }

    [Fact]
    public async Task A_signal_is_told()
    {
        var run = await agent.Http.RunAsync("kill -SEGV $$");
        Assert.Equal((139, false), (run.End!.ExitCode, run.End.Exited));
        Assert.StartsWith("signal: segmentation fault", run.End.Status, StringComparison.Ordinal);
        Assert.Equal(11, run.End.Flourisha!.Signal);
    }

    [Fact]
    public async Task Arguments_arrive_as_they_are()
    {
        string[] arguments = ["%s|", "", " a  b ", "ünï 漢字", "$(id)", "-n", "a\nb", new string('x', 100_000)];
        var run = await agent.Http.RunAsync(new StartRequest { Process = new ProcessConfig { Cmd = "printf", Args = arguments } });
        Assert.Equal(string.Concat(arguments.Skip(1).Select(argument => argument + "|")), run.Stdout);
    }

    [Fact]
    public async Task The_environment_is_the_agents_own_with_what_is_said_on_top()
    {
        var request = AgentHttp.Shell("echo $FROM_THE_IMAGE $MINE $HOME; env | grep -c '^DOTNET_SYSTEM_NET'");
        var run = await agent.Http.RunAsync(request with { Process = request.Process! with { Envs = new Dictionary<string, string> { ["MINE"] = "a=b c", ["HOME"] = "/elsewhere" } } });
        Assert.Equal("yes a=b c /elsewhere\n0\n", run.Stdout);
    }

    [Fact]
    public async Task It_starts_in_the_folder_that_is_said()
    {
        var request = AgentHttp.Shell("pwd");
        Assert.Equal("/tmp\n", (await agent.Http.RunAsync(request)).Stdout);
        Assert.Equal("/usr/bin\n", (await agent.Http.RunAsync(request with { Process = request.Process! with { Cwd = "/usr/./bin/" } })).Stdout);
    }

    [Fact]
    public async Task It_has_a_session_of_its_own_and_no_signal_ignored_or_blocked()
    {
        var run = await agent.Http.RunAsync(new StartRequest { Process = new ProcessConfig { Cmd = "cat", Args = ["/proc/self/stat", "/proc/self/status"] } });
        var numbers = run.Stdout[(run.Stdout.IndexOf(')', StringComparison.Ordinal) + 2)..].Split(' ');
        Assert.Equal((run.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture), run.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture)), (numbers[2], numbers[3]));
        Assert.Contains("SigBlk:\t0000000000000000", run.Stdout, StringComparison.Ordinal);

        // The two that the C library keeps for itself are ignored in all that it spawns.
        Assert.Contains("SigIgn:\t0000000180000000", run.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_inherits_no_descriptor_but_its_streams()
    {
        var run = await agent.Http.RunAsync("ls /proc/self/fd | tr '\\n' ' '");
        Assert.Equal("0 1 2 3 ", run.Stdout); // The last is the folder that ls reads.
    }

    [Fact]
    public async Task Without_input_it_reads_nothing()
        => Assert.Equal("", (await agent.Http.RunAsync(AgentHttp.Shell("cat") with { Stdin = false })).Stdout);

    [Theory]
    [InlineData("no-such-program", ConnectCode.NotFound)]
    [InlineData("/no/such/program", ConnectCode.NotFound)]
    [InlineData("/etc/passwd/program", ConnectCode.NotFound)]
    [InlineData("/etc/passwd", ConnectCode.PermissionDenied)]
    [InlineData("/tmp", ConnectCode.PermissionDenied)]
    [InlineData("", ConnectCode.InvalidArgument)]
    public async Task What_is_no_program_is_told(string program, ConnectCode code)
    {
        var run = await agent.Http.RunAsync(new StartRequest { Process = new ProcessConfig { Cmd = program } });
        Assert.Null(run.Start);
        Assert.Equal(code, run.Failure!.Code);
        Assert.Contains(program, run.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_kernel_takes_is_told()
    {
        var request = AgentHttp.Shell("true");
        Assert.Equal(ConnectCode.InvalidArgument, (await agent.Http.RunAsync(new StartRequest())).Failure!.Code);
        Assert.Equal(ConnectCode.InvalidArgument, (await agent.Http.RunAsync(request with { Process = request.Process! with { Cwd = "/no/such/folder" } })).Failure!.Code);
        Assert.Equal(ConnectCode.InvalidArgument, (await agent.Http.RunAsync(request with { Process = request.Process with { Cwd = "/usr/../etc" } })).Failure!.Code);
        Assert.Equal(ConnectCode.InvalidArgument, (await agent.Http.RunAsync(request with { Process = request.Process with { Args = ["a\0b"] } })).Failure!.Code);
        Assert.Equal(ConnectCode.InvalidArgument, (await agent.Http.RunAsync(request with { Process = request.Process with { Envs = new Dictionary<string, string> { ["A=B"] = "" } } })).Failure!.Code);
        Assert.Equal(ConnectCode.InvalidArgument, (await agent.Http.RunAsync(request with { Process = request.Process with { Args = ["-c", ":", new string('x', 200_000)] } })).Failure!.Code);
        Assert.Equal(ConnectCode.InvalidArgument, (await agent.Http.RunAsync(request with { Pty = new Pty(new PtySize(0, 24)) })).Failure!.Code);
        Assert.Equal(ConnectCode.InvalidArgument, (await agent.Http.RunAsync(request with { Flourisha = new StartOptions { OutputLimit = 1 } })).Failure!.Code);
    }

    [Fact]
    public async Task A_silent_stream_gives_signs_of_life()
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, Envd.EnvdRoutes.Process + "Start")
        {
            Content = AgentHttp.Content(AgentHttp.Envelope(0, "{\"process\":{\"cmd\":\"sleep\",\"args\":[\"1.5\"]}}"u8), Envd.EnvdProtocol.StreamContentType),
        };
        message.Headers.Add(Envd.EnvdProtocol.KeepaliveHeader, "1");
        using var response = await agent.Http.Client.SendAsync(message);
        Assert.Contains("{\"event\":{\"keepalive\":{}}}", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_at_once_all_run()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => agent.Http.RunAsync($"echo {i}; exit {i}")));
        Assert.All(runs, (run, i) => Assert.Equal(($"{i}\n", i), (run.Stdout, run.End?.ExitCode ?? -1)));
    }
}
