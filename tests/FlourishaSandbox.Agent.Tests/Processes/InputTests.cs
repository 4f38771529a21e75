using System.Text;
using System.Text.Json;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Agent.Tests.Processes;

public sealed class InputTests(RunningAgent agent) : IClassFixture<RunningAgent>
{
    private const string StreamInput = EnvdRoutes.Process + "StreamInput";

    private static StartRequest Cat => new() { Process = new ProcessConfig { Cmd = "cat" } };

    [Fact]
    public async Task What_is_sent_is_read_until_it_is_closed()
    {
        var pid = await agent.Http.LaunchAsync(Cat);
        await agent.Http.SendInputAsync(pid, "one\n");
        await agent.Http.SendInputAsync(pid, "");
        await agent.Http.SendInputAsync(pid, "two\n");
        await agent.Http.CloseStdinAsync(pid);
        var run = await agent.Http.FollowAsync(pid);
        Assert.Equal(("one\ntwo\n", 0), (run.Stdout, run.End!.ExitCode));
    }

    [Fact]
    public async Task Any_bytes_arrive_as_they_are()
    {
        var bytes = new byte[2_000_000];
        new Random(1).NextBytes(bytes);
        var pid = await agent.Http.LaunchAsync(Cat);
        var reading = agent.Http.FollowAsync(pid);
        await agent.Http.SendInputAsync(pid, new ProcessInput { Stdin = bytes });
        await agent.Http.CloseStdinAsync(pid);
        Assert.Equal(bytes, (await reading).StdoutBytes);
    }

    [Fact]
    public async Task Closed_input_is_told()
    {
        var pid = await agent.Http.LaunchAsync(AgentHttp.Shell("exec <&-; sleep 100"));
        await RunningAgent.WaitUntilAsync(() => new FileInfo($"/proc/{pid}/fd/0").LinkTarget is null, "it has closed its input");
        Assert.Equal(ConnectCode.FailedPrecondition, (await Assert.ThrowsAsync<ConnectException>(() => agent.Http.SendInputAsync(pid, "x"))).Code);
        await agent.Http.CloseStdinAsync(pid);
        await agent.Http.CloseStdinAsync(pid); // It is closed, as was asked for.
        Assert.Equal(ConnectCode.FailedPrecondition, (await Assert.ThrowsAsync<ConnectException>(() => agent.Http.SendInputAsync(pid, "x"))).Code);
        await agent.Http.SignalAsync(pid, Signal.Sigkill);
    }

    [Fact]
    public async Task A_process_without_input_takes_none()
    {
        var pid = await agent.Http.LaunchAsync(AgentHttp.Shell("sleep 100") with { Stdin = false });
        Assert.Equal(ConnectCode.FailedPrecondition, (await Assert.ThrowsAsync<ConnectException>(() => agent.Http.SendInputAsync(pid, "x"))).Code);
        Assert.Equal(ConnectCode.FailedPrecondition, (await Assert.ThrowsAsync<ConnectException>(() => agent.Http.SendInputAsync(pid, new ProcessInput { Pty = [1] }))).Code);
        Assert.Equal(ConnectCode.InvalidArgument, (await Assert.ThrowsAsync<ConnectException>(() => agent.Http.SendInputAsync(pid, new ProcessInput()))).Code);
        await agent.Http.SignalAsync(pid, Signal.Sigkill);
    }

    [Fact]
    public async Task Input_that_nobody_reads_waits_and_goes_nowhere_when_the_process_ends()
    {
        var pid = await agent.Http.LaunchAsync(AgentHttp.Shell("sleep 100"));
        var before = agent.Memory("VmRSS");
        var waiting = agent.Http.SendInputAsync(pid, new ProcessInput { Stdin = new byte[1 << 20] });
        await Task.Delay(200); // Two requests at once may arrive in either order.
        var next = agent.Http.SendInputAsync(pid, "behind it");
        await Task.Delay(300);
        Assert.False(waiting.IsCompleted || next.IsCompleted);
        Assert.True(await agent.Http.IsHealthyAsync());
        Assert.InRange(agent.Memory("VmRSS") - before, -100_000, 32 * 1024);
        await agent.Http.SignalAsync(pid, Signal.Sigkill);
        Assert.Equal(ConnectCode.FailedPrecondition, (await Assert.ThrowsAsync<ConnectException>(() => waiting)).Code);
        Assert.Equal(ConnectCode.FailedPrecondition, (await Assert.ThrowsAsync<ConnectException>(() => next)).Code);
    }

    [Fact]
    public async Task A_stream_of_input_keeps_its_order()
    {
        var pid = await agent.Http.LaunchAsync(Cat);
        var messages = new List<byte[]> { Message(new StreamInputRequest { Start = new StreamInputStart(AgentHttp.Select(pid)) }) };
        for (var i = 0; i < 500; i++)
            messages.Add(Message(new StreamInputRequest { Data = new StreamInputData(new ProcessInput { Stdin = Encoding.UTF8.GetBytes($"{i}\n") }) }));

        messages.Insert(250, Message(new StreamInputRequest { Keepalive = new KeepAliveEvent() }));
        Assert.Null(await agent.Http.PostBrokenStreamAsync(StreamInput, [.. messages.SelectMany(message => message)]));
        await agent.Http.CloseStdinAsync(pid);
        Assert.Equal(string.Concat(Enumerable.Range(0, 500).Select(i => $"{i}\n")), (await agent.Http.FollowAsync(pid)).Stdout);
    }

    [Fact]
    public async Task A_stream_of_input_out_of_order_is_refused()
    {
        var pid = await agent.Http.LaunchAsync(Cat);
        var start = Message(new StreamInputRequest { Start = new StreamInputStart(AgentHttp.Select(pid)) });
        var data = Message(new StreamInputRequest { Data = new StreamInputData(new ProcessInput { Stdin = "x"u8.ToArray() }) });
        var both = Message(new StreamInputRequest { Start = new StreamInputStart(AgentHttp.Select(pid)), Keepalive = new KeepAliveEvent() });
        var lost = Message(new StreamInputRequest { Start = new StreamInputStart(AgentHttp.Select(1)) });
        Assert.Equal(ConnectCode.InvalidArgument, await agent.Http.PostBrokenStreamAsync(StreamInput, data));
        Assert.Equal(ConnectCode.InvalidArgument, await agent.Http.PostBrokenStreamAsync(StreamInput, []));
        Assert.Equal(ConnectCode.InvalidArgument, await agent.Http.PostBrokenStreamAsync(StreamInput, both));
        Assert.Equal(ConnectCode.InvalidArgument, await agent.Http.PostBrokenStreamAsync(StreamInput, [.. start, .. start]));
        Assert.Equal(ConnectCode.InvalidArgument, await agent.Http.PostBrokenStreamAsync(StreamInput, [.. start, .. AgentHttp.Envelope(0, "{}"u8)]));
        Assert.Equal(ConnectCode.NotFound, await agent.Http.PostBrokenStreamAsync(StreamInput, lost));
        await agent.Http.SignalAsync(pid, Signal.Sigkill);
    }

    private static byte[] Message(StreamInputRequest request) => AgentHttp.Envelope(0, JsonSerializer.SerializeToUtf8Bytes(request, EnvdJson.Default.StreamInputRequest));
}
