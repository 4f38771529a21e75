using System.Collections;
using System.Management.Automation;
using FlourishaSandbox.Cmdlets;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

/// <summary>Start-, Get-, Wait-, Stop- and Receive-SandboxProcess, and Send-SandboxProcessInput.</summary>
public sealed class ProcessCmdletTests : CmdletTest
{
    private readonly Sandbox _sandbox;
    private readonly Sandbox _other;

    public ProcessCmdletTests()
    {
        _sandbox = Runtime.Add("t1");
        _other = Runtime.Add("t2");
    }

    [Fact]
    public void Start_gives_a_process_of_each_sandbox_and_hands_on_what_was_bound()
    {
        var cmdlet = new StartSandboxProcessCommand
        {
            Sandbox = Named("t1", "t2"), Command = "prog", ArgumentList = ["a b"], WorkingDirectory = "/srv", Environment = new Hashtable { ["N"] = 1.5 }, Tag = "server",
            Timeout = TimeSpan.FromSeconds(9), OutputLimit = 8192, KeepInputOpen = true,
        };

        var run = Invocation.Run(cmdlet);

        Assert.Equal(["t1", "t2"], run.OutputOf<SandboxProcess>().Select(process => process.Sandbox.Name));
        Assert.Equal(new ProcessOptions { Tag = "server", OutputLimit = 8192, KeepInputOpen = true }, Runtime.Processes.Options);
        var request = Runtime.Requests.First();
        Assert.Equal(("prog", "/srv", "1.5", TimeSpan.FromSeconds(9)), (request.Command, request.WorkingDirectory, request.Environment["N"], request.Timeout));
        Assert.Equal(["a b"], request.Arguments);
        Assert.Equal([("t1: prog", "Start"), ("t2: prog", "Start")], run.Questions);
    }

    [Theory]
    [InlineData(nameof(StartSandboxProcessCommand.Tag), "no tag")]
    [InlineData(nameof(StartSandboxProcessCommand.OutputLimit), 100)]
    [InlineData(nameof(StartSandboxProcessCommand.Command), " ")]
    public void What_cannot_be_started_anywhere_ends_the_call(string parameter, object value)
    {
        var cmdlet = new StartSandboxProcessCommand { Sandbox = Named("t1"), Command = "true" };
        typeof(StartSandboxProcessCommand).GetProperty(parameter)!.SetValue(cmdlet, value);

        var run = Invocation.Run(cmdlet);

        Assert.Equal("InvalidOption", run.Terminating?.FullyQualifiedErrorId);
        Assert.Empty(Runtime.Requests);
    }

    [Fact]
    public void Get_lists_what_runs_and_with_All_what_has_ended()
    {
        var first = Runtime.Processes.Add(_sandbox, "first");
        Runtime.Processes.Add(_sandbox, "second");
        Runtime.Processes.Add(_other, "elsewhere");
        Runtime.Processes.End(first.Id, 0);

        Assert.Equal(["second"], Commands(Invocation.Run(new GetSandboxProcessCommand { Sandbox = Named("t1") }, "Sandbox")));
        Assert.Equal(["first", "second"], Commands(Invocation.Run(new GetSandboxProcessCommand { Sandbox = Named("t1"), All = true }, "Sandbox")));
    }

    [Fact]
    public void Get_finds_by_number_and_tag_and_a_literal_that_is_missing_is_an_error()
    {
        var web = Runtime.Processes.Add(_sandbox, "web", tag: "web-1");
        Runtime.Processes.Add(_sandbox, "plain");
        Runtime.Processes.End(web.Id, 0);

        Assert.Equal(["web"], Commands(Invocation.Run(new GetSandboxProcessCommand { Sandbox = Named("t1"), Id = [web.Id] }, "Sandbox")));
        Assert.Equal(["web"], Commands(Invocation.Run(new GetSandboxProcessCommand { Sandbox = Named("t1"), Tag = ["web-1"] }, "Sandbox")));
        Assert.Equal(["web"], Commands(Invocation.Run(new GetSandboxProcessCommand { Sandbox = Named("t1"), Tag = ["WEB*"], All = true }, "Sandbox")));
        Assert.Empty(Invocation.Run(new GetSandboxProcessCommand { Sandbox = Named("t1"), Tag = ["web*"] }, "Sandbox").Order);
        Assert.Equal(["error ProcessNotFound 7", "error ProcessNotFound db"], Invocation.Run(new GetSandboxProcessCommand { Sandbox = Named("t1"), Id = [7], Tag = ["db"] }, "Sandbox").Order);
    }

    [Fact]
    public void Get_tells_how_a_process_is_doing_now()
    {
        var process = Runtime.Processes.Add(_sandbox, "x");
        Runtime.Processes.End(process.Id, 3);

        Assert.Equal(3, Invocation.Run(new GetSandboxProcessCommand { Process = [process] }, "Process").OutputOf<SandboxProcess>().Single().ExitCode);
    }

    [Fact]
    public void A_process_object_says_itself_where_it_runs_and_a_number_does_not()
    {
        var process = Runtime.Processes.Add(_other, "x");

        var known = Invocation.Run(new StopSandboxProcessCommand { Process = [new ProcessReference(process)], Sandbox = Named("t1"), PassThru = true });
        Assert.Equal("t2", known.OutputOf<StoppedProcess>().Single().Process.Sandbox.Name);

        var unknown = Invocation.Run(new StopSandboxProcessCommand { Process = [new ProcessReference(process.Id)] });
        Assert.Equal([$"error InvalidOption {process.Id}"], unknown.Order);
        Assert.Contains("-Sandbox", unknown.Errors[0].ErrorDetails!.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Wait_gives_the_process_as_it_ended()
    {
        var process = Runtime.Processes.Add(_sandbox, "x", tag: "job");
        Runtime.Before = (_, _, _) => throw new InvalidOperationException("Waiting changes nothing.");
        _ = Task.Delay(50).ContinueWith(_ => Runtime.Processes.End(process.Id, 4), TaskScheduler.Default);

        var run = Invocation.Run(new WaitSandboxProcessCommand { Process = [new ProcessReference("job")], Sandbox = Named("t1") });

        Assert.Equal(4, run.OutputOf<SandboxProcess>().Single().ExitCode);
    }

    [Fact]
    public void Wait_waits_for_all_at_once_and_a_time_out_costs_one_error()
    {
        var processes = Enumerable.Range(0, 20).Select(i => Runtime.Processes.Add(_sandbox, $"sleep {i}")).ToList();
        Runtime.Processes.End(processes[3].Id, 0);
        var clock = System.Diagnostics.Stopwatch.StartNew();

        var run = Invocation.Run(new WaitSandboxProcessCommand { Process = [.. processes.Select(process => new ProcessReference(process))], Timeout = TimeSpan.FromSeconds(0.3) });

        Assert.Equal(processes[3].Id, run.OutputOf<SandboxProcess>().Single().Id);
        Assert.Equal(19, run.Errors.Count(error => error.FullyQualifiedErrorId == "TimedOut"));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(4), $"It took {clock.Elapsed}.");
    }

    [Fact]
    public void Stop_asks_first_and_gives_what_was_ended_where_wanted()
    {
        var process = Runtime.Processes.Add(_sandbox, "server");

        var refused = new Invocation(new StopSandboxProcessCommand { Process = [new ProcessReference(process)] }) { Answer = (_, _) => false };
        refused.Run();
        Assert.Equal([($"process {process.Id} (server) in sandbox t1", "End it with everything that it started")], refused.Questions);
        Assert.Empty(Runtime.Effects);

        var run = Invocation.Run(new StopSandboxProcessCommand { Process = [new ProcessReference(process)], GracePeriod = TimeSpan.Zero, PassThru = true });
        Assert.Equal([$"stop t1: {process.Id} after 0 s"], Runtime.Effects);
        Assert.Equal(2, run.OutputOf<StoppedProcess>().Single().Killed.Count);
        Assert.Equal("sh (100), evil\uFFFD[2J (101)", Display.Ended(run.OutputOf<StoppedProcess>().Single().Killed));
    }

    [Fact]
    public void Stop_gives_two_seconds_where_nothing_is_said_and_no_output()
    {
        var process = Runtime.Processes.Add(_sandbox, "server");

        var run = Invocation.Run(new StopSandboxProcessCommand { Process = [new ProcessReference(process)] });

        Assert.Equal([$"stop t1: {process.Id} after 2 s"], Runtime.Effects);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void Receive_gives_what_is_new_and_from_the_start_everything()
    {
        var process = Runtime.Processes.Add(_sandbox, "x");
        Runtime.Processes.Write(process.Id, "one\n");
        Assert.Equal(["one"], Receive(process));

        Runtime.Processes.Write(process.Id, "two\nthr");
        Assert.Equal(["two", "thr"], Receive(process));
        Assert.Empty(Receive(process));
        Assert.Equal(["one", "two", "thr"], Receive(process, fromStart: true));
    }

    [Fact]
    public void Receive_follows_to_the_end_and_warns_of_what_is_lost()
    {
        var process = Runtime.Processes.Add(_sandbox, "x");
        Runtime.Processes.Lost = 5000;
        _ = Task.Delay(50).ContinueWith(
            _ =>
            {
                Runtime.Processes.Write(process.Id, "late\n");
                Runtime.Processes.End(process.Id, 0);
            },
            TaskScheduler.Default);

        var run = Invocation.Run(new ReceiveSandboxProcessCommand { Process = [new ProcessReference(process)], Follow = true });

        Assert.Equal(["late"], run.OutputOf<OutputLine>().Select(line => line.Text));
        Assert.Contains("5000 bytes", Assert.Single(run.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Send_writes_each_object_as_it_comes_and_closes_last()
    {
        var process = Runtime.Processes.Add(_sandbox, "cat");
        var seen = new List<string?>();
        var cmdlet = new SendSandboxProcessInputCommand { Process = [new ProcessReference(process)], Close = true };
        var run = new Invocation(cmdlet)
        {
            Records =
            [
                () => cmdlet.InputObject = "a",
                () => { seen.Add(Runtime.Processes.Input[process.Id]); cmdlet.InputObject = new PSObject(new byte[] { (byte)'b' }); },
                () => cmdlet.InputObject = new FileInfo(MakeFile("input", "file")),
                () => cmdlet.InputObject = null,
            ],
        };

        run.Run();

        Assert.Equal(["a\n"], seen);
        Assert.Equal("a\nbfile", Runtime.Processes.Input[process.Id]);
        Assert.Equal($"close t1: {process.Id}", Runtime.Effects.Last());
        Assert.Equal("Write to its input and close it", Assert.Single(run.Questions).Action);
    }

    [Fact]
    public void Send_without_line_ends_and_to_several()
    {
        var processes = new[] { Runtime.Processes.Add(_sandbox, "cat"), Runtime.Processes.Add(_other, "cat") };
        var cmdlet = new SendSandboxProcessInputCommand { Process = [.. processes.Select(process => new ProcessReference(process))], NoNewline = true, InputObject = "x" };

        Invocation.Run(cmdlet);

        Assert.All(processes, process => Assert.Equal("x", Runtime.Processes.Input[process.Id]));
    }

    [Fact]
    public void A_process_that_takes_no_input_costs_one_error_for_all_of_it()
    {
        var cmdlet = new SendSandboxProcessInputCommand { Process = [new ProcessReference("gone")], Sandbox = Named("t1"), Close = true };

        var run = new Invocation(cmdlet) { Records = [() => cmdlet.InputObject = "a", () => cmdlet.InputObject = "b"] };
        run.Run();

        Assert.Equal(["error ProcessNotFound gone"], run.Order);
    }

    [Fact]
    public void What_ended_with_a_command_is_named()
    {
        Runtime.Running = (_, _, _, _) => Task.FromResult(new CommandExit(null, TimedOut: true) { Killed = [.. Enumerable.Range(1, 7).Select(id => new EndedProcess(id, "n\u001b"))] });

        var run = Invocation.Run(new InvokeSandboxCommandCommand { Sandbox = Named("t1"), Command = "x", FailOnNonZero = true, Timeout = TimeSpan.FromSeconds(2) }, "Sandbox");

        Assert.Equal(7, run.OutputOf<CommandResult>().Single().Killed.Count);
        Assert.Equal("The command in sandbox 't1' was killed after 00:00:02, with everything that it had started: n\uFFFD (1), n\uFFFD (2), n\uFFFD (3), n\uFFFD (4), n\uFFFD (5) and 2 more.", run.Errors.Single().ToString());
    }

    private static IEnumerable<string> Commands(Invocation run) => run.OutputOf<SandboxProcess>().Select(process => process.Command);

    private static List<string> Receive(SandboxProcess process, bool fromStart = false) =>
        [.. Invocation.Run(new ReceiveSandboxProcessCommand { Process = [new ProcessReference(process)], FromStart = fromStart }).OutputOf<OutputLine>().Select(line => line.Text)];
}
