using System.Diagnostics;

namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>Commands that are ended: nothing of them goes on in the sandbox.</summary>
public sealed class ExecEndingTests : SandboxTests
{
    [Fact]
    public async Task At_its_time_out_the_whole_tree_dies_and_the_output_is_kept()
    {
        var result = (await ExecAsync("--timeout", "1", "echo so far; (setsid sleep 6161 &) ; sleep 6161")).Expect(124);
        Assert.Equal("so far\n", result.Output);
        Assert.Contains("killed after 1 s", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, await CountInsideAsync("sleep 6161"));
    }

    [Fact]
    public async Task A_time_out_is_told_in_json()
    {
        var json = (await ExecAsync("--json", "--timeout", "500ms", "echo so far; sleep 6262")).Expect(124).Json;
        Assert.True(json.GetProperty("timedOut").GetBoolean());
        Assert.Equal("so far\n", json.GetProperty("stdout").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, json.GetProperty("exitCode").ValueKind);
    }

    [Theory]
    [InlineData(true, 130)]
    [InlineData(false, 143)]
    public async Task A_signal_kills_the_command_first(bool isInterrupt, int exitCode)
    {
        using var process = Start("exec", Id, "echo ready; sleep 6363; true");
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(new CancellationTokenSource(CliProgram.Patience).Token));
        Assert.NotEqual(0, await CountInsideAsync("sleep 6363"));

        if (isInterrupt)
            CliProgram.SendInterrupt(process);
        else
            CliProgram.SendTerminate(process);

        var result = (await CliProgram.FinishAsync(process)).Expect(exitCode);
        Assert.Equal("", result.Error);
        Assert.Equal(0, await CountInsideAsync("sleep 6363"));
    }

    [Fact]
    public async Task A_signal_works_while_nobody_takes_the_output()
    {
        using var process = Start("exec", Id, "yes forever");
        await WaitUntilAsync(async () => await CountInsideAsync("yes forever") > 0, "the command runs");
        await Task.Delay(500); // the pipe is full now
        CliProgram.SendInterrupt(process);
        (await CliProgram.FinishAsync(process)).Expect(130);
        Assert.Equal(0, await CountInsideAsync("yes forever"));
    }

    [Fact]
    public async Task A_reader_that_has_seen_enough_ends_it_quietly()
    {
        var watch = Stopwatch.StartNew();
        var result = (await RunShellAsync($"cli exec {Id} 'yes enough' | head -n 2; exit ${{PIPESTATUS[0]}}")).Expect(141);
        Assert.Equal("yes enough"[4..] + "\nenough\n", result.Output);
        Assert.Equal("", result.Error);
        Assert.Equal(0, await CountInsideAsync("yes enough"));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_full_disk_is_told_and_ends_it()
    {
        var result = (await RunShellAsync($"cli exec {Id} 'yes onto a full disk' > /dev/full")).Expect(1);
        Assert.Contains("No space left on device", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, await CountInsideAsync("yes onto a full disk"));
    }
}
