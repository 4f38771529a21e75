using System.Text;
using FlourishaSandbox.Cmdlets;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Isolation;

namespace FlourishaSandbox.Tests;

/// <summary>Test-SandboxIsolation, over sandboxes that say what the test wants to hear.</summary>
public sealed class TestSandboxIsolationTests : CmdletTest
{
    public TestSandboxIsolationTests()
    {
        Runtime.Add("t1", agentVersion: "1.0.0");
        Runtime.Add("t2", agentVersion: "1.0.0");
        Runtime.Running = async (sandbox, request, output, token) =>
        {
            var probe = request.Arguments![1];
            var answer = (sandbox.Name, probe) is ("t2", "bpf") ? "open\tprograms\u001b[2J can be loaded\n" : "held\tOperation not permitted\n";
            await output.WriteAsync(OutputSource.Output, Encoding.UTF8.GetBytes(answer), token);
            return new CommandExit(0, TimedOut: false);
        };
    }

    [Fact]
    public void It_makes_every_attempt_on_each()
    {
        var run = Invocation.Run(new TestSandboxIsolationCommand { Sandbox = Named("t*"), ThrottleLimit = 1 });

        var findings = run.OutputOf<IsolationFinding>().ToList();
        Assert.Equal([.. SandboxIsolation.Attempts, .. SandboxIsolation.Attempts], findings.Select(finding => finding.Attempt));
        var open = Assert.Single(findings, finding => finding.Outcome == IsolationOutcome.NotHeld);
        Assert.Equal(("t2", "bpf", "programs?[2J can be loaded"), (open.Sandbox.Name, open.Attempt, open.Detail));
        Assert.Contains("New-Sandbox", open.Remedy, StringComparison.Ordinal);
        Assert.All(findings, finding => Assert.Equal(finding.Outcome == IsolationOutcome.NotHeld, finding.Remedy is not null));
        Assert.All(Runtime.Requests, request => Assert.Equal(("/.flourisha/agent", "/"), (request.Command, request.WorkingDirectory)));
        Assert.Empty(run.Errors);
    }

    [Fact]
    public void It_makes_those_that_are_wanted()
    {
        var run = Invocation.Run(new TestSandboxIsolationCommand { Sandbox = Named("t1"), Attempt = ["HOST-*", "bpf"] });

        Assert.Equal(["host-mounts", "bpf", "host-loopback", "host-services"], run.OutputOf<IsolationFinding>().Select(finding => finding.Attempt));
    }

    [Fact]
    public void It_refuses_what_is_no_attempt_before_any_is_made()
    {
        var run = Invocation.Run(new TestSandboxIsolationCommand { Sandbox = Named("t1"), Attempt = ["bpf", "warp-*"] });

        Assert.Equal("InvalidOption", run.Terminating?.FullyQualifiedErrorId);
        Assert.Contains("warp-*", run.Terminating!.ToString(), StringComparison.Ordinal);
        Assert.Empty(Runtime.Requests);
    }

    [Fact]
    public void One_without_an_agent_costs_an_error_and_none_of_the_others()
    {
        Runtime.Add("t3");

        var run = Invocation.Run(new TestSandboxIsolationCommand { Sandbox = Named("t*"), Attempt = ["bpf"] });

        Assert.Equal("AgentUnavailable", run.Errors.Single().FullyQualifiedErrorId);
        Assert.Equal(["t1", "t2"], run.OutputOf<IsolationFinding>().Select(finding => finding.Sandbox.Name).Order());
    }

    [Fact]
    public void What_a_probe_does_not_say_is_not_taken_for_held()
    {
        Runtime.Running = (_, _, _, _) => Task.FromResult(new CommandExit(137, TimedOut: false));

        var finding = Invocation.Run(new TestSandboxIsolationCommand { Sandbox = Named("t1"), Attempt = ["bpf"] }).OutputOf<IsolationFinding>().Single();

        Assert.Equal(IsolationOutcome.NotTried, finding.Outcome);
        Assert.Contains("137", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_agent_that_knows_no_such_attempt_is_named()
    {
        Runtime.Running = (_, _, _, _) => Task.FromResult(new CommandExit(2, TimedOut: false));

        var run = Invocation.Run(new TestSandboxIsolationCommand { Sandbox = Named("t1"), Attempt = ["bpf"] });

        Assert.Equal("AgentUnavailable", run.Errors.Single().FullyQualifiedErrorId);
        Assert.Contains("1.0.0", run.Errors[0].ToString(), StringComparison.Ordinal);
    }
}
