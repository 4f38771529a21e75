using System.Collections;
using System.Management.Automation;
using System.Text;
using FlourishaSandbox.Cmdlets;
using FlourishaSandbox.Commands;

namespace FlourishaSandbox.Tests;

public sealed class InvokeSandboxCommandTests : CmdletTest
{
    private const string SandboxSet = "Sandbox";
    private const string InputSet = "Input";

    public InvokeSandboxCommandTests()
    {
        Runtime.Add("t1");
        Runtime.Add("t2");
    }

    [Theory]
    [InlineData(nameof(InvokeSandboxCommandCommand.Stream))]
    [InlineData(nameof(InvokeSandboxCommandCommand.FailOnNonZero))]
    [InlineData(nameof(InvokeSandboxCommandCommand.Timeout))]
    [InlineData(nameof(InvokeSandboxCommandCommand.InputObject))]
    public void Detach_goes_with_nothing_that_waits(string parameter)
    {
        var cmdlet = new InvokeSandboxCommandCommand { Sandbox = Named("t1"), Command = "server", Detach = true };
        var property = typeof(InvokeSandboxCommandCommand).GetProperty(parameter)!;
        property.SetValue(cmdlet, property.PropertyType == typeof(SwitchParameter) ? (SwitchParameter)true : property.PropertyType == typeof(object) ? "text" : TimeSpan.FromSeconds(1));

        var run = Invocation.Run(cmdlet, SandboxSet, parameter);

        Assert.Equal("InvalidOption", run.Terminating?.FullyQualifiedErrorId);
        Assert.Contains("-" + parameter, run.Terminating!.ToString(), StringComparison.Ordinal);
        Assert.Empty(Runtime.Effects);
    }

    [Fact]
    public void Detach_starts_and_gives_a_result_without_an_exit_code()
    {
        var run = Invocation.Run(new InvokeSandboxCommandCommand { Sandbox = Named("t1"), Command = "server", Detach = true }, SandboxSet);

        Assert.Null(run.OutputOf<CommandResult>().Single().ExitCode);
        Assert.Equal(["start t1: server"], Runtime.Effects);
    }

    [Theory]
    [InlineData(nameof(InvokeSandboxCommandCommand.Command), " ")]
    [InlineData(nameof(InvokeSandboxCommandCommand.Command), "a\0b")]
    [InlineData(nameof(InvokeSandboxCommandCommand.WorkingDirectory), "relative")]
    [InlineData(nameof(InvokeSandboxCommandCommand.User), "a b")]
    public void What_cannot_be_run_anywhere_ends_the_call(string parameter, string value)
    {
        var cmdlet = new InvokeSandboxCommandCommand { Sandbox = Named("t1"), Command = "true" };
        typeof(InvokeSandboxCommandCommand).GetProperty(parameter)!.SetValue(cmdlet, value);

        var run = Invocation.Run(cmdlet, SandboxSet);

        Assert.Equal("InvalidOption", run.Terminating?.FullyQualifiedErrorId);
        Assert.Empty(Runtime.Requests);
    }

    [Fact]
    public void An_exit_code_is_a_value()
    {
        Runtime.Running = Exits(3);

        var run = Invocation.Run(new InvokeSandboxCommandCommand { Sandbox = Named("t1"), Command = "false" }, SandboxSet);

        Assert.Equal(3, run.OutputOf<CommandResult>().Single().ExitCode);
        Assert.Empty(run.Errors);
        Assert.Empty(run.Warnings);
    }

    [Fact]
    public void FailOnNonZero_gives_the_result_and_then_an_error_about_its_sandbox()
    {
        Runtime.Running = (sandbox, _, _, _) => Task.FromResult(new CommandExit(sandbox.Name == "t1" ? 3 : 0, TimedOut: false));

        var run = Invocation.Run(new InvokeSandboxCommandCommand { Sandbox = Named("t1", "t2"), Command = "x", FailOnNonZero = true }, SandboxSet);

        Assert.Equal(["CommandResult", "CommandFailed", "CommandResult"], run.Order.Select(line => line.StartsWith("error", StringComparison.Ordinal) ? line.Split(' ')[1] : "CommandResult"));
        Assert.Equal("The command in sandbox 't1' ended with exit code 3.", run.Errors.Single().ToString());
        Assert.Equal(ErrorCategory.FromStdErr, run.Errors[0].CategoryInfo.Category);
    }

    [Fact]
    public void FailOnNonZero_counts_a_time_out_too()
    {
        Runtime.Running = (_, _, _, _) => Task.FromResult(new CommandExit(null, TimedOut: true));

        var run = Invocation.Run(new InvokeSandboxCommandCommand { Sandbox = Named("t1"), Command = "x", FailOnNonZero = true, Timeout = TimeSpan.FromSeconds(2) }, SandboxSet);

        Assert.True(run.OutputOf<CommandResult>().Single().TimedOut);
        Assert.Equal("TimedOut", run.Errors.Single().FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.OperationTimeout, run.Errors[0].CategoryInfo.Category);
    }

    [Fact]
    public void Stream_gives_lines_in_order_with_their_source_and_warns_of_a_bad_end()
    {
        Runtime.Running = async (_, _, output, cancellationToken) =>
        {
            await output.WriteAsync(OutputSource.Output, "one\ntw"u8.ToArray(), cancellationToken);
            await output.WriteAsync(OutputSource.Error, "bad\n"u8.ToArray(), cancellationToken);
            await output.WriteAsync(OutputSource.Output, "o"u8.ToArray(), cancellationToken);
            return new CommandExit(2, TimedOut: false);
        };

        var run = Invocation.Run(new InvokeSandboxCommandCommand { Sandbox = Named("t1"), Command = "x", Stream = true }, SandboxSet);

        Assert.Equal([(OutputSource.Output, "one"), (OutputSource.Error, "bad"), (OutputSource.Output, "two")], run.OutputOf<OutputLine>().Select(line => (line.Source, line.Text)));
        Assert.Equal(["The command in sandbox 't1' ended with exit code 2."], run.Warnings);
        Assert.Equal("warning", run.Order[^1]);
    }

    [Fact]
    public void Stream_with_FailOnNonZero_makes_an_error_of_it_and_no_warning()
    {
        Runtime.Running = Exits(2);

        var run = Invocation.Run(new InvokeSandboxCommandCommand { Sandbox = Named("t1"), Command = "x", Stream = true, FailOnNonZero = true }, SandboxSet);

        Assert.Empty(run.Warnings);
        Assert.Equal("CommandFailed", run.Errors.Single().FullyQualifiedErrorId);
    }

    [Fact]
    public void Stream_lets_a_slow_taker_slow_the_command_down()
    {
        const int Lines = 500;
        var written = 0;
        Runtime.Running = async (_, _, output, cancellationToken) =>
        {
            for (; written < Lines; written++)
                await output.WriteAsync(OutputSource.Output, "line\n"u8.ToArray(), cancellationToken);

            return new CommandExit(0, TimedOut: false);
        };
        var ahead = 0;
        var run = new Invocation(new InvokeSandboxCommandCommand { Sandbox = Named("t1"), Command = "x", Stream = true }, SandboxSet);
        run.Downstream = _ =>
        {
            if (run.Output.Count % 100 == 0)
                Thread.Sleep(50);

            ahead = Math.Max(ahead, Volatile.Read(ref written) - run.Output.Count);
        };

        run.Run();

        Assert.Equal(Lines, run.Output.Count);
        Assert.InRange(ahead, 0, 32);
    }

    [Fact]
    public void Stream_says_nothing_of_a_good_end() =>
        Assert.Empty(Invocation.Run(new InvokeSandboxCommandCommand { Sandbox = Named("t1"), Command = "x", Stream = true }, SandboxSet).Order);

    [Fact]
    public void The_request_is_what_was_bound()
    {
        var cmdlet = new InvokeSandboxCommandCommand
        {
            Sandbox = Named("t1"), Command = "prog", ArgumentList = ["", "a b", "$HOME"], WorkingDirectory = "/srv", User = "7", Timeout = Timeout.InfiniteTimeSpan,
            Environment = new Hashtable { ["N"] = 1.5 },
        };

        Invocation.Run(cmdlet, SandboxSet);

        var request = Runtime.Requests.Single();
        Assert.Equal(["", "a b", "$HOME"], request.Arguments);
        Assert.Equal(("/srv", "7", "1.5"), (request.WorkingDirectory, request.User, request.Environment["N"]));
        Assert.Null(request.Timeout);
    }

    [Fact]
    public void Nothing_given_is_nothing_to_read_and_null_is_an_empty_input()
    {
        Invocation.Run(new InvokeSandboxCommandCommand { Sandbox = Named("t1"), Command = "cat" }, SandboxSet);
        Invocation.Run(new InvokeSandboxCommandCommand { Sandbox = Named("t1"), Command = "cat", InputObject = null }, SandboxSet, nameof(InvokeSandboxCommandCommand.InputObject));

        Assert.Equal([null, ""], Runtime.Inputs.Select(Text));
    }

    [Fact]
    public void Text_is_read_line_by_line_and_what_ends_in_a_line_break_gets_no_other()
    {
        Assert.Equal("a\nb\nc\n", InputOf("a", "b\n", new PSObject("c")));
        Assert.Equal("1\nTrue\n", InputOf(1, true));
        Assert.Equal("ä€😀\n", InputOf("ä€😀"));
        Assert.Equal("\n", InputOf(""));
        Assert.Equal("a\nb\n", InputOf([new object[] { "a", "b" }]));
    }

    [Fact]
    public void Bytes_are_read_as_they_are()
    {
        Assert.Equal([0, 255, 10, 13], BytesOf(new byte[] { 0, 255, 10, 13 }));
        Assert.Equal([0, 255], BytesOf((byte)0, new PSObject((byte)255)));
        Assert.Equal([1, 2, (byte)'x', (byte)'\n'], BytesOf(new byte[] { 1, 2 }, "x"));
    }

    [Fact]
    public void A_file_is_read_as_it_is()
    {
        var file = new FileInfo(MakeFile("input", "no line break"));

        Assert.Equal("no line break", InputOf(file));
        Assert.Equal("no line break", InputOf(new PSObject(file)));
    }

    [Fact]
    public void Several_files_are_read_one_after_the_other() =>
        Assert.Equal("one\ntwo", InputOf(new FileInfo(MakeFile("1", "one\n")), new PSObject(new FileInfo(MakeFile("2", "two")))));

    [Fact]
    public void A_stream_is_read_as_it_is()
    {
        using var stream = new MemoryStream("raw"u8.ToArray());

        Assert.Equal("raw", InputOf(stream));
    }

    [Fact]
    public void Null_among_the_input_is_nothing() => Assert.Equal("a\nb\n", InputOf("a", null, "b"));

    [Fact]
    public void Every_sandbox_reads_the_whole_input()
    {
        var cmdlet = new InvokeSandboxCommandCommand { Sandbox = Named("t1", "t2"), Command = "cat" };
        new Invocation(cmdlet, InputSet) { Records = [() => cmdlet.InputObject = "a", () => cmdlet.InputObject = "b"] }.Run();

        Assert.Equal(["a\nb\n", "a\nb\n"], Runtime.Inputs.Select(Text));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_an_error_and_not_a_crash()
    {
        var cmdlet = new InvokeSandboxCommandCommand { Sandbox = Named("t1"), Command = "cat", InputObject = new FileInfo(Path.Combine(Folder, "missing")) };

        var run = Invocation.Run(cmdlet, SandboxSet, nameof(InvokeSandboxCommandCommand.InputObject));

        Assert.Equal("PathNotFound", Assert.Single(run.Errors).FullyQualifiedErrorId);
        Assert.Contains("missing", run.Errors[0].ToString(), StringComparison.Ordinal);
        Assert.Empty(Runtime.Effects);
    }

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);

    private string? InputOf(params object?[] input) => Text(BytesOf(input));

    private byte[]? BytesOf(params object?[] input)
    {
        var cmdlet = new InvokeSandboxCommandCommand { Sandbox = Named("t1"), Command = "cat" };
        var run = new Invocation(cmdlet, InputSet) { Records = [.. input.Select(each => (Action)(() => cmdlet.InputObject = each))] };
        run.Run();
        Assert.Empty(run.Errors);
        return Runtime.Inputs.Last();
    }

    private static Func<Sandboxes.Sandbox, CommandRequest, ICommandOutput, CancellationToken, Task<CommandExit>> Exits(int code) =>
        (_, _, _, _) => Task.FromResult(new CommandExit(code, TimedOut: false));
}
