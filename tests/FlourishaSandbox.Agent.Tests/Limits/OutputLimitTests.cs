using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Agent.Tests.Limits;

/// <summary>How much a process may write to its output at all.</summary>
public sealed class OutputLimitTests : IDisposable
{
    private const int Limit = 100_000;

    private readonly RunningAgent _agent = RunningAgent.Start("--max-output", "100000");

    public void Dispose() => _agent.Dispose();

    [Fact]
    public async Task As_much_as_may_be_written_is_none_too_much()
    {
        var run = await _agent.Http.RunAsync($"head -c {Limit - 1000} /dev/zero; head -c 1000 /dev/zero >&2");

        Assert.Equal(Limit, run.Bytes);
        Assert.Equal((0, null), (run.End!.ExitCode, run.End.Flourisha!.Exceeded));
    }

    [Fact]
    public async Task Who_writes_without_an_end_is_ended_with_all_that_he_started()
    {
        var run = await _agent.Http.RunAsync("sleep 1000 & trap '' TERM; while :; do echo yes; done");

        Assert.Equal(Limit, run.Bytes);
        Assert.Equal((137, false, ExceededLimits.Output), (run.End!.ExitCode, run.End.Flourisha!.TimedOut, run.End.Flourisha.Exceeded));
        Assert.Contains("more output", run.End.Error, StringComparison.Ordinal);
        Assert.Contains(run.End.Flourisha.Killed!, killed => killed.Name == "sleep");
    }

    [Fact]
    public async Task Both_streams_count_together()
    {
        var run = await _agent.Http.RunAsync($"head -c {Limit - 10} /dev/zero; echo this is too much >&2; sleep 1000");

        Assert.Equal((Limit, ExceededLimits.Output), (run.Bytes, run.End!.Flourisha!.Exceeded));
    }

    [Fact]
    public async Task Who_ended_before_all_was_read_is_told_apart_too()
    {
        for (var i = 0; i < 10; i++)
        {
            // What is above the limit lies in the pipe when the command ends.
            var run = await _agent.Http.RunAsync($"head -c {Limit - 10000} /dev/zero; sleep 0.05; head -c 20000 /dev/zero");

            Assert.Equal((Limit, ExceededLimits.Output), (run.Bytes, run.End!.Flourisha!.Exceeded));
        }
    }

    [Fact]
    public async Task Terminals_and_processes_without_a_listener_are_held_to_it()
    {
        var terminal = await _agent.Http.RunAsync(AgentHttp.Shell("while :; do echo yes; done") with { Pty = new Pty() });
        Assert.Equal((Limit, ExceededLimits.Output), (terminal.Bytes, terminal.End!.Flourisha!.Exceeded));

        var pid = await _agent.Http.LaunchAsync(AgentHttp.Shell("while :; do echo yes; done"));
        await RunningAgent.WaitUntilAsync(
            async () => (await _agent.Http.ListAsync(all: true)).Processes!.Single(process => process.Pid == pid).Flourisha!.End?.Flourisha!.Exceeded == ExceededLimits.Output,
            "it is ended");
    }

    [Theory]
    [InlineData("--max-output", "0")]
    [InlineData("--max-output", "much")]
    [InlineData("--disk-limit", "-1")]
    public void Limits_are_numbers_of_bytes(string option, string value) =>
        Assert.Contains(option, Assert.Throws<FormatException>(() => AgentOptions.Parse([option, value])).Message, StringComparison.Ordinal);
}
