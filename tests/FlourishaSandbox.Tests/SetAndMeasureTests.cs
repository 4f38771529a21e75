using FlourishaSandbox.Cmdlets;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

/// <summary>Set-Sandbox, Measure-Sandbox and, as far as it goes without a terminal, Enter-Sandbox.</summary>
public sealed class SetAndMeasureTests : CmdletTest
{
    public SetAndMeasureTests()
    {
        Runtime.Add("t1");
        Runtime.Add("t2");
    }

    [Fact]
    public void Set_asks_about_each_and_gives_them_where_wanted()
    {
        var run = new Invocation(new SetSandboxCommand { Sandbox = Named("t*"), Timeout = TimeSpan.FromHours(2), PassThru = true }) { Answer = (target, _) => target.StartsWith("t1", StringComparison.Ordinal) };
        run.Run();

        Assert.Equal(2, run.Questions.Count);
        Assert.Equal("Let it live for 2 h from now", run.Questions[0].Action);
        Assert.Equal(["set t1: 02:00:00"], Runtime.Effects);
        Assert.Equal("in 1h", Display.Until(run.OutputOf<Sandbox>().Single().Deadline - TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Set_can_take_the_end_away_and_refuses_what_is_no_lifetime()
    {
        var endless = Invocation.Run(new SetSandboxCommand { Sandbox = Named("t1"), Timeout = Timeout.InfiniteTimeSpan });
        Assert.Equal("Let it live without an end", endless.Questions.Single().Action);
        Assert.Equal(["set t1: no end"], Runtime.Effects);
        Assert.Empty(endless.Output);

        Assert.Equal("InvalidOption", Invocation.Run(new SetSandboxCommand { Sandbox = Named("t1"), Timeout = TimeSpan.Zero }).Errors.Single().FullyQualifiedErrorId);
    }

    [Fact]
    public void Measure_measures_once() =>
        Assert.Equal(["t1", "t2"], Invocation.Run(new MeasureSandboxCommand { Sandbox = Named("t*") }).OutputOf<SandboxMetrics>().Select(metrics => metrics.Sandbox.Name));

    [Fact]
    public void Measure_measures_again_and_again()
    {
        var run = Invocation.Run(new MeasureSandboxCommand { Sandbox = Named("t1"), Interval = TimeSpan.FromMilliseconds(20), Count = 3 });

        Assert.Equal(3, run.OutputOf<SandboxMetrics>().Count());
        Assert.Equal(3, Runtime.Effects.Count);
    }

    [Fact]
    public void Measure_goes_on_until_nobody_wants_more()
    {
        var run = new Invocation(new MeasureSandboxCommand { Sandbox = Named("t1"), Interval = TimeSpan.FromMilliseconds(5) });
        run.Downstream = _ =>
        {
            if (run.Output.Count == 4)
                throw new System.Management.Automation.PipelineStoppedException();
        };

        run.Run();

        Assert.Equal(4, run.Output.Count);
    }

    [Fact]
    public void Enter_needs_a_terminal()
    {
        Assert.SkipUnless(Console.IsInputRedirected || Console.IsOutputRedirected, "These tests run at a terminal.");

        var run = Invocation.Run(new EnterSandboxCommand { Sandbox = new SandboxReference("t1") });

        Assert.Equal("InvalidOption", run.Errors.Single().FullyQualifiedErrorId);
        Assert.Contains("needs a terminal", run.Errors[0].ToString(), StringComparison.Ordinal);
    }
}
