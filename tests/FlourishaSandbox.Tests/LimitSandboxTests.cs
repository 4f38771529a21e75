using FlourishaSandbox.Cmdlets;
using FlourishaSandbox.Enforcement;

namespace FlourishaSandbox.Tests;

public sealed class LimitSandboxTests : CmdletTest
{
    public LimitSandboxTests()
    {
        Runtime.Add("t1");
        Runtime.Add("t2");

        // Of 2 GiB.
        Runtime.MemoryUsed = 1900L << 20;
    }

    [Fact]
    public void Each_that_uses_more_is_told_and_nothing_else_happens()
    {
        var run = Invocation.Run(new LimitSandboxCommand { Sandbox = Named("t*"), Memory = "90%" });

        Assert.Equal(["t1", "t2"], run.OutputOf<LimitBreach>().Select(breach => breach.Sandbox.Name).Order());
        Assert.Equal(2, run.Warnings.Count);
        Assert.Contains(run.Warnings, warning => warning.StartsWith("Sandbox 't1' uses 1.9GB of 2GB (93%) memory, which is 90% or more", StringComparison.Ordinal));
        Assert.Equal(["measure t1", "measure t2"], Runtime.Effects.Order());
        Assert.Empty(run.Questions);
    }

    [Fact]
    public void One_that_uses_less_is_not_told()
    {
        var run = Invocation.Run(new LimitSandboxCommand { Sandbox = Named("t1"), Memory = "95%", Cpu = "80%", PidLimit = "90%" });

        Assert.Empty(run.Output);
        Assert.Empty(run.Warnings);
        Assert.Empty(run.Errors);
    }

    [Theory]
    [InlineData(LimitAction.Stop, "stop t1")]
    [InlineData(LimitAction.Kill, "kill t1")]
    public void What_ends_a_sandbox_is_asked_for_first(LimitAction action, string effect)
    {
        var run = new Invocation(new LimitSandboxCommand { Sandbox = Named("t*"), Memory = "90%", PidLimit = "1", Action = action, Watch = true }) { Answer = (target, _) => target.StartsWith("t1", StringComparison.Ordinal) };
        run.Run();

        Assert.Equal(2, run.Questions.Count);
        Assert.Equal($"{action} it when it uses 90% memory or 1 processes", run.Questions[0].Action);
        Assert.Equal([LimitKind.Memory, LimitKind.Processes], run.OutputOf<LimitBreach>().Select(breach => breach.Kind));
        Assert.Equal(["measure t1", effect], Runtime.Effects);
    }

    [Fact]
    public void A_watch_tells_once_what_stays_so_and_ends_in_time()
    {
        var run = Invocation.Run(new LimitSandboxCommand { Sandbox = Named("t1"), Memory = "1GB", Interval = TimeSpan.FromMilliseconds(50), Timeout = TimeSpan.FromMilliseconds(300) });

        Assert.Single(run.OutputOf<LimitBreach>());
        Assert.InRange(Runtime.Effects.Count, 2, 8);
    }

    [Theory]
    [InlineData("much", null, "Memory 'much'")]
    [InlineData(null, "120%", "Cpu '120%'")]
    [InlineData(null, null, "Nothing is to be watched")]
    public void What_cannot_be_read_ends_it_before_anything_is_measured(string? memory, string? cpu, string message)
    {
        var run = Invocation.Run(new LimitSandboxCommand { Sandbox = Named("t1"), Memory = memory, Cpu = cpu });

        Assert.Contains(message, run.Terminating?.ToString() ?? "", StringComparison.Ordinal);
        Assert.Empty(Runtime.Effects);
    }

    [Fact]
    public void One_that_does_not_exist_costs_an_error_and_the_others_are_watched()
    {
        var run = Invocation.Run(new LimitSandboxCommand { Sandbox = [.. Named("nobody"), .. Named("t2")], Memory = "90%" });

        Assert.Equal("SandboxNotFound", run.Errors.Single().FullyQualifiedErrorId);
        Assert.Equal("t2", run.OutputOf<LimitBreach>().Single().Sandbox.Name);
    }

    [Fact]
    public void Measure_watches_until_nobody_wants_more()
    {
        var run = new Invocation(new MeasureSandboxCommand { Sandbox = Named("t1"), Watch = true, Interval = TimeSpan.FromMilliseconds(5) });
        run.Downstream = _ =>
        {
            if (run.Output.Count == 3)
                throw new System.Management.Automation.PipelineStoppedException();
        };

        run.Run();

        Assert.Equal(3, run.Output.Count);
    }
}
