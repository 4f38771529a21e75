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

        Assert.Equal("InvalidOption", Invocation.Run(new SetSandboxCommand { Sandbox = Named("t1"), Timeout = TimeSpan.Zero }).Terminating?.FullyQualifiedErrorId);
    }

    [Fact]
    public void Set_changes_limits_and_lifetime_in_one_question()
    {
        var run = Invocation.Run(new SetSandboxCommand { Sandbox = Named("t1"), Memory = 512L << 20, Cpu = 1.5, PidLimit = 100, Timeout = TimeSpan.FromMinutes(30), PassThru = true });

        Assert.Equal("Let it live for 30 min from now. Give it 512 MB of memory. Give it 1.5 CPUs. Give it 100 processes", run.Questions.Single().Action);
        Assert.Equal(["measure t1", "limit t1: 536870912 1.5 100", "set t1: 00:30:00"], Runtime.Effects);
        Assert.Empty(run.Errors);
    }

    [Fact]
    public void Set_gives_the_new_limits()
    {
        var run = Invocation.Run(new SetSandboxCommand { Sandbox = Named("t1"), PidLimit = 300, PassThru = true });

        Assert.Equal(300, run.OutputOf<Sandbox>().Single().Limits.PidLimit);
        Assert.Equal(["limit t1:   300"], Runtime.Effects);
    }

    [Fact]
    public void Set_refuses_less_memory_than_is_used_before_the_engine_is_asked()
    {
        // The fake sandbox uses 12 MiB; a limit below that is below the smallest there is, so it uses more here.
        Runtime.MemoryUsed = 300L << 20;

        var run = Invocation.Run(new SetSandboxCommand { Sandbox = Named("t1"), Memory = 256L << 20 });

        Assert.Equal("InvalidOption", run.Errors.Single().FullyQualifiedErrorId);
        Assert.Contains("Memory '268435456' is less than sandbox 't1' uses, which is 300MB", run.Errors[0].ToString(), StringComparison.Ordinal);
        Assert.Equal(["measure t1"], Runtime.Effects);
    }

    [Theory]
    [InlineData(1024, null, null, "Memory '1024'")]
    [InlineData(null, 0.0, null, "Cpu '0'")]
    [InlineData(null, null, 0, "PidLimit '0'")]
    public void Set_refuses_what_no_sandbox_can_have(int? memory, double? cpu, int? pids, string named)
    {
        var run = Invocation.Run(new SetSandboxCommand { Sandbox = Named("t1"), Memory = memory, Cpu = cpu, PidLimit = pids });

        Assert.Contains(named, run.Terminating?.ToString() ?? "", StringComparison.Ordinal);
        Assert.Empty(Runtime.Effects);
    }

    [Fact]
    public void Set_wants_something_to_set() =>
        Assert.Contains("-Memory", Invocation.Run(new SetSandboxCommand { Sandbox = Named("t1") }).Terminating?.ErrorDetails?.RecommendedAction ?? "", StringComparison.Ordinal);

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
