using System.Diagnostics;
using System.Text.Json;

namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>Processes in the background, lifetimes and measurements, with the real agent.</summary>
public sealed class ProcessTests : AgentTests
{
    [Fact]
    public async Task A_process_in_the_background_has_a_number_by_which_everything_is_found()
    {
        var number = await StartAsync("echo out; echo err >&2; exit 7");

        (await RunAsync("wait", Id, number, "--timeout", "20")).Expect(7);
        var logs = (await RunAsync("logs", Id, number)).Expect(0);
        Assert.Equal(("out\n", "err\n"), (logs.Output, logs.Error));
        Assert.Equal("", (await RunAsync("ps", Id)).Expect(0).Output);

        var listed = (await RunAsync("ps", Id, "--all", "--json")).Expect(0).Json.EnumerateArray().Single(process => Number(process) == number);
        Assert.Equal(("ended", 7), (listed.GetProperty("state").GetString(), listed.GetProperty("exitCode").GetInt32()));
    }

    [Fact]
    public async Task A_process_is_found_by_its_tag_too()
    {
        var json = (await ExecAsync("--background", "--json", "--tag", "web", "echo started; sleep 9191")).Expect(0).Json;
        var table = (await RunAsync("ps", Id)).Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches(@"\APROCESS +TAG +STATE +AGE +EXIT +COMMAND\z", table[0]);
        Assert.Matches($@"\A +{Number(json)} +web +running +\d+ s +echo started; sleep 9191\z", table[1]);

        await WaitUntilAsync(async () => (await RunAsync("logs", Id, "web")).Expect(0).Output == "started\n", "the process has written");
        var stopped = (await RunAsync("stop", Id, "web", "--json")).Expect(0).Json;
        Assert.Contains("sleep", stopped.GetProperty("killed").EnumerateArray().Select(process => process.GetProperty("name").GetString()));
        Assert.Equal(0, await CountInsideAsync("sleep 9191"));
    }

    [Fact]
    public async Task Following_shows_lines_as_they_come_and_ends_with_the_process()
    {
        var number = await StartAsync("echo one; sleep 2; echo two");
        using var process = Start("logs", Id, number, "-f");
        var first = await process.StandardOutput.ReadLineAsync(new CancellationTokenSource(CliProgram.Patience).Token);
        var watch = Stopwatch.StartNew();
        var rest = (await CliProgram.FinishAsync(process)).Expect(0);

        Assert.Equal("one", first);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.5, 30);
        Assert.DoesNotContain("one", rest.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_as_json_are_one_document()
    {
        var number = await StartAsync("echo out; echo err >&2; exit 3");
        (await RunAsync("wait", Id, number)).Expect(3);

        var json = (await RunAsync("logs", Id, number, "--json")).Expect(0).Json;

        Assert.Equal(("out\n", "err\n", 3, false), (json.GetProperty("stdout").GetString(), json.GetProperty("stderr").GetString(), json.GetProperty("exitCode").GetInt32(), json.GetProperty("running").GetBoolean()));
    }

    [Fact]
    public async Task Input_is_written_line_by_line_and_as_it_is_until_it_is_closed()
    {
        (await ExecAsync("--background", "--stdin", "--tag", "cat", "cat; echo end")).Expect(0);
        (await RunAsync("stdin", Id, "cat", "a line")).Expect(0);
        (await RunWithInputAsync("as it is"u8.ToArray(), "stdin", Id, "cat")).Expect(0);
        (await RunAsync("stdin", Id, "cat", "--close")).Expect(0);
        (await RunAsync("wait", Id, "cat", "--timeout", "20")).Expect(0);

        Assert.Equal("a line\nas it isend\n", (await RunAsync("logs", Id, "cat")).Expect(0).Output);
    }

    [Fact]
    public async Task A_process_without_an_open_input_takes_none()
    {
        var number = await StartAsync("sleep 9292");

        Assert.Equal("InputClosed", (await RunAsync("stdin", "--json", Id, number, "text")).Expect(4).JsonError.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Waiting_has_an_end_and_so_has_a_process_with_a_time_out()
    {
        var number = Number((await ExecAsync("--background", "--json", "--timeout", "2", "sleep 9393 & setsid sleep 9393")).Expect(0).Json);

        (await RunAsync("wait", Id, number, "--timeout", "0.2")).Expect(124);
        (await RunAsync("wait", Id, number, "--timeout", "20")).Expect(124);
        Assert.True((await RunAsync("logs", Id, number, "--json")).Expect(0).Json.GetProperty("timedOut").GetBoolean());
        Assert.Equal(0, await CountInsideAsync("sleep 9393"));
    }

    [Theory]
    [InlineData("logs")]
    [InlineData("wait")]
    [InlineData("stop")]
    public async Task A_process_that_is_not_there_is_named(string verb)
    {
        var result = (await RunAsync(verb, Id, "nothing")).Expect(3);
        Assert.Equal("", result.Output);
        Assert.StartsWith("docker-sandbox: There is no process 'nothing' in sandbox", result.Error, StringComparison.Ordinal);
        (await RunAsync(verb, Id, " ")).Expect(2);
    }

    [Fact]
    public async Task What_was_killed_at_a_time_out_is_named()
    {
        var result = (await ExecAsync("--timeout", "1", "sleep 9494 & sleep 9495")).Expect(124);
        Assert.Matches(@"docker-sandbox: the command was killed after 1 s: .*sleep \(\d+\)", result.Error);

        var killed = (await ExecAsync("--json", "--timeout", "1", "sleep 9494 & sleep 9495")).Expect(124).Json.GetProperty("killed");
        Assert.Equal(2, killed.EnumerateArray().Count(process => process.GetProperty("name").GetString() == "sleep"));
    }

    [Fact]
    public async Task A_lifetime_is_set_from_now_on_and_told()
    {
        Assert.Matches(@"\A\d{4}-\d\d-\d\d \d\d:\d\d, in 1(19|20) min\n\z", (await RunAsync("extend-lifetime", Id, "2h")).Expect(0).Output);
        var deadline = (await RunAsync("extend-lifetime", Id, "600", "--json")).Expect(0).Json.GetProperty("deadline").GetDateTimeOffset();
        Assert.InRange((deadline - DateTimeOffset.UtcNow).TotalSeconds, 500, 601);
        Assert.Equal("never\n", (await RunAsync("extend-lifetime", Id, "unlimited")).Expect(0).Output);
    }

    [Fact]
    public async Task What_it_uses_is_measured_as_often_as_wanted()
    {
        var lines = (await RunAsync("metrics", Id, "--count", "3", "--interval", "0.1")).Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.Matches(@"\ATIME +CPU +MEMORY +DISK +PROCESSES +RECEIVED +SENT\z", lines[0]);
        Assert.All(lines, line => Assert.Equal(lines[0].Length, line.Length));

        var json = (await RunAsync("metrics", Id, "--json")).Expect(0).Json;
        Assert.InRange(json.GetProperty("memoryUsed").GetInt64(), 1 << 20, json.GetProperty("memoryLimit").GetInt64());
    }

    [Fact]
    public async Task All_that_is_known_of_a_sandbox_is_told()
    {
        var text = (await RunAsync("info", Id)).Expect(0).Output;
        Assert.Matches(@"(?m)^agent: +\d+\.\d+\.\d+$", text);
        Assert.Matches(@"(?m)^state: +running$", text);
        Assert.Equal(Id, (await RunAsync("status", Id, "--json")).Expect(0).Json.GetProperty("shortId").GetString());
    }

    [Fact]
    public async Task A_shell_needs_a_terminal()
    {
        var result = (await RunAsync("connect", Id)).Expect(2);
        Assert.StartsWith("docker-sandbox: A shell needs a terminal, and standard input is none here.\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Processes_are_completed()
    {
        (await ExecAsync("--background", "--tag", "complete-me", "sleep 60")).Expect(0);
        var line = $"docker-sandbox logs {Id} com";

        Assert.Equal("complete-me\n", (await RunAsync($"[suggest:{line.Length}]", line)).Output);
    }

    private async Task<string> StartAsync(string command) => (await ExecAsync("--background", command)).Expect(0).Output.Trim();

    private static string Number(JsonElement process) => process.GetProperty("processId").GetInt32().ToString(System.Globalization.CultureInfo.InvariantCulture);
}
