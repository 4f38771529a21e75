namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>Running commands: what goes in and what comes out.</summary>
public sealed class ExecTests : SandboxTests
{
    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 42", 42)]
    [InlineData("kill -9 $$", 137)]
    public async Task The_exit_code_is_the_commands(string command, int exitCode) => (await ExecAsync(command)).Expect(exitCode);

    [Fact]
    public async Task Output_and_errors_stay_apart()
    {
        var result = (await ExecAsync("echo out; echo err >&2; printf end")).Expect(0);
        Assert.Equal("out\nend", result.Output);
        Assert.Equal("err\n", result.Error);
    }

    [Fact]
    public async Task Several_words_go_to_the_program_as_they_are()
    {
        Assert.Equal("<a b><$HOME><*><-la><--json><@x><><--><é>", (await ExecAsync("printf", "<%s>", "a b", "$HOME", "*", "-la", "--json", "@x", "", "--", "é")).Expect(0).Output);
        Assert.Contains("..", (await ExecAsync("ls", "-la")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal("-e", (await ExecAsync("--", "printf", "%s", "-e")).Expect(0).Output);
    }

    [Fact]
    public async Task One_word_or_the_wish_for_it_is_for_the_shell()
    {
        Assert.Equal("3\n", (await ExecAsync("echo $((1+2))")).Expect(0).Output);
        Assert.Equal("3\n", (await ExecAsync("--shell", "echo", "$((1+2))")).Expect(0).Output);
    }

    [Fact]
    public async Task Folder_variables_and_user_are_as_asked()
    {
        Variables["FLOURISHA_PASSED_ON"] = "from here";
        var result = (await ExecAsync("--cwd", "/usr", "-e", "A=1 2", "-e", "FLOURISHA_PASSED_ON", "--root", "echo $(pwd) $A $FLOURISHA_PASSED_ON $(id -u)")).Expect(0);
        Assert.Equal("/usr 1 2 from here 0\n", result.Output);
        Assert.Equal("65534\n", (await ExecAsync("--user", "nobody", "id -u")).Expect(0).Output);
        Assert.Equal("10000\n", (await ExecAsync("id -u")).Expect(0).Output);
    }

    [Fact]
    public async Task Behind_a_line_for_the_shell_our_options_are_ours() =>
        Assert.Equal("/usr x\n", (await ExecAsync("echo $(pwd) $A", "--cwd", "/usr", "-e", "A=x")).Expect(0).Output);

    [Fact]
    public async Task Bytes_go_in_and_out_unchanged()
    {
        var bytes = new byte[5_000_003];
        new Random(7).NextBytes(bytes);
        var result = (await RunWithInputAsync(bytes, "exec", Id, "cat")).Expect(0);
        Assert.True(bytes.AsSpan().SequenceEqual(result.OutputBytes), $"{result.OutputBytes.Length} bytes came back, not all of them as they were");
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task The_end_of_the_input_reaches_the_command() =>
        Assert.Equal("3\n", (await RunWithInputAsync("abc"u8.ToArray(), "exec", Id, "wc", "-c")).Expect(0).Output);

    [Fact]
    public async Task Output_is_there_before_the_command_ends()
    {
        using var process = Start("exec", Id, "echo first; sleep 60");
        var line = await process.StandardOutput.ReadLineAsync(new CancellationTokenSource(CliProgram.Patience).Token);
        CliProgram.SendTerminate(process);
        await CliProgram.FinishAsync(process);
        Assert.Equal("first", line);
    }

    [Fact]
    public async Task An_input_that_nobody_ends_does_not_keep_the_program()
    {
        using var process = Start("exec", Id, "echo done");
        var result = await CliProgram.FinishAsync(process); // its standard input is open all the time
        Assert.Equal("done\n", result.Expect(0).Output);
    }

    [Fact]
    public async Task Much_output_arrives_whole() =>
        Assert.Equal(20_000_000, (await ExecAsync("head -c 20000000 /dev/zero")).Expect(0).OutputBytes.Length);

    [Fact]
    public async Task A_file_that_others_write_to_is_appended_to()
    {
        (await RunShellAsync($"(echo before; cli exec {Id} 'echo out; echo err >&2'; echo after) > '{Folder}/log' 2>&1")).Expect(0);
        var lines = await File.ReadAllLinesAsync(Path.Combine(Folder, "log"));
        Assert.Equal(["before", "after", "err", "out"], [lines[0], lines[^1], .. lines[1..^1].Order(StringComparer.Ordinal)]);
    }

    [Fact]
    public async Task A_standard_input_that_is_closed_is_an_empty_one() =>
        Assert.Equal("end\n", (await RunShellAsync($"timeout 30 {CliProgram.ForShell} exec {Id} 'cat; echo end' <&- | head -c 100")).Expect(0).Output);

    [Fact]
    public async Task A_standard_output_that_is_closed_is_an_error() =>
        Assert.Equal("docker-sandbox: Writing to standard output failed: it is closed\n", (await RunShellAsync($"cli exec {Id} 'echo lost' >&-")).Expect(1).Error);

    [Fact]
    public async Task In_the_background_it_goes_on_alone()
    {
        var result = (await ExecAsync("--background", "sleep 7171")).Expect(0);
        Assert.Matches(@"\A([0-9]+\n)?\z", result.Output); // its number, where the sandbox has an agent
        Assert.Equal("", result.Error);
        Assert.NotEqual(0, await CountInsideAsync("sleep 7171"));
    }

    [Fact]
    public async Task What_it_leaves_behind_does_not_hold_it_up()
    {
        var result = (await ExecAsync("sleep 7272 & echo started")).Expect(0);
        Assert.Equal("started\n", result.Output);
    }

    [Fact]
    public async Task As_json_it_is_one_document()
    {
        var json = (await RunWithInputAsync("in"u8.ToArray(), "exec", "--json", Id, "cat; echo err >&2; exit 3")).Expect(3).Json;
        Assert.Equal("in", json.GetProperty("stdout").GetString());
        Assert.Equal("err\n", json.GetProperty("stderr").GetString());
        Assert.Equal(3, json.GetProperty("exitCode").GetInt32());
        Assert.False(json.GetProperty("timedOut").GetBoolean());
        Assert.StartsWith(Id, json.GetProperty("id").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        var result = (await ExecAsync("no-such-program", "x")).Expect(127);
        Assert.Equal("", result.Output);
        Assert.StartsWith("docker-sandbox: The program 'no-such-program' does not exist", result.Error, StringComparison.Ordinal);
        Assert.Equal("CommandNotFound", (await ExecAsync("--json", "no-such-program", "x")).Expect(127).JsonError.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_line_with_foreign_options_behind_it_gets_advice()
    {
        var result = (await ExecAsync("echo hello", "--unknown")).Expect(127);
        Assert.Contains("--shell", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named()
    {
        var result = (await ExecAsync("--cwd", "/no/such/folder", "true")).Expect(3);
        Assert.Contains("/no/such/folder", result.Error, StringComparison.Ordinal);
    }
}
