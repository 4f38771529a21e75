using System.Management.Automation;
using FlourishaSandbox.Cmdlets;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

/// <summary>Many sandboxes at once: order, errors, throttle, and the threads that PowerShell insists on. Remove-Sandbox stands for all.</summary>
public sealed class FanOutTests : CmdletTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public FanOutTests()
    {
        foreach (var name in new[] { "t1", "t2", "t3", "t4" })
            Runtime.Add(name);
    }

    [Fact]
    public void Output_has_the_order_of_the_input_although_the_first_item_ends_last()
    {
        Runtime.Before = async (what, _, cancellationToken) =>
        {
            while (what == "remove t1" && Runtime.Effects.Count < 2)
                await Task.Delay(5, cancellationToken);
        };

        var run = Invocation.Run(new RemoveSandboxCommand { Sandbox = Named("t1", "t2", "t3"), PassThru = true, ThrottleLimit = 3 });

        Assert.Equal(["object t1", "object t2", "object t3"], run.Order);
        Assert.Equal("remove t1", Runtime.Effects.Last());
    }

    [Fact]
    public void An_item_that_fails_costs_one_error_in_its_place_and_none_of_the_others()
    {
        var second = Runtime.Sandboxes[1];
        Runtime.Before = (what, _, _) => what == "remove t2" ? throw new SandboxException(SandboxError.EngineFailed, "The engine says no.", second, "Ask again.") : Task.CompletedTask;

        var run = Invocation.Run(new RemoveSandboxCommand { Sandbox = Named("t1", "missing", "t2", "t3"), PassThru = true });

        // A name that nobody has is found out at once, before the work on the others has ended.
        Assert.Contains("error SandboxNotFound missing", run.Order);
        Assert.Equal(["object t1", "error EngineFailed t2", "object t3"], run.Order.Where(line => !line.Contains("missing", StringComparison.Ordinal)));
        var failed = run.Errors.Single(error => error.FullyQualifiedErrorId == "EngineFailed");
        Assert.Equal(ErrorCategory.NotSpecified, failed.CategoryInfo.Category);
        Assert.Equal("Ask again.", failed.ErrorDetails!.RecommendedAction);
        Assert.Equal("t2", Assert.IsType<Sandbox>(failed.TargetObject).Name);
        Assert.Equal("The engine says no.", failed.ToString());
        var missing = run.Errors.Single(error => error.FullyQualifiedErrorId == "SandboxNotFound");
        Assert.Equal(ErrorCategory.ObjectNotFound, missing.CategoryInfo.Category);
        Assert.Equal("missing", missing.TargetObject);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void As_many_as_the_throttle_says_are_worked_on_at_once(int limit)
    {
        using var entered = new CountdownEvent(limit);
        Runtime.Before = async (_, _, cancellationToken) =>
        {
            if (!entered.IsSet)
                entered.Signal();

            // Nobody goes on before as many are inside as may be.
            await Task.Run(() => Assert.True(entered.Wait(Patience, cancellationToken)), cancellationToken);
            await Task.Delay(20, cancellationToken);
        };

        Invocation.Run(new RemoveSandboxCommand { Sandbox = Named("t1", "t2", "t3", "t4"), ThrottleLimit = limit });

        Assert.Equal(limit, Runtime.MostAtOnce);
        Assert.Empty(Runtime.Sandboxes);
    }

    [Fact]
    public void A_result_is_written_while_more_input_comes()
    {
        var cmdlet = new RemoveSandboxCommand { PassThru = true };
        var run = new Invocation(cmdlet);
        run.Records =
        [
            () => cmdlet.Sandbox = Named("t1"),
            () =>
            {
                Assert.True(SpinWait.SpinUntil(() => !Runtime.Effects.IsEmpty, Patience));
                Thread.Sleep(100); // from the effect to the end of the work
                cmdlet.Sandbox = Named("t2");
            },
            () =>
            {
                Assert.Equal("object t1", run.Order[0]);
                cmdlet.Sandbox = Named("t3");
            },
        ];

        run.Run();

        Assert.Equal(["object t1", "object t2", "object t3"], run.Order);
    }

    [Fact]
    public void What_a_worker_tells_arrives_on_the_pipelines_thread()
    {
        // The stand-in throws for a write from any other thread, as PowerShell does.
        Runtime.Images.Clear();
        Runtime.Before = async (_, observer, _) =>
        {
            await Task.Yield();
            observer!.Verbose("a line");
            observer.Warning("a warning");
            observer.Report(new OperationProgress("Building", "step\u001b[2J 1") { Done = 1, Total = 4 });
            observer.Report(new OperationProgress("Building", "") { Part = "layer" });
            observer.Report(new OperationProgress("Building", "") { Completed = true });
        };

        var run = Invocation.Run(new BuildSandboxImageCommand { Template = ["minimal"] }, "Template");

        Assert.Single(run.Output);
        Assert.Contains("a line", run.Verbose);
        Assert.Equal(["a warning"], run.Warnings);
        Assert.Equal("warning", run.Order[0]);
        Assert.Collection(
            run.Progress,
            first =>
            {
                Assert.Equal(25, first.PercentComplete);
                Assert.Equal("step[2J 1", first.StatusDescription);
            },
            part =>
            {
                Assert.Equal("layer", part.Activity);
                Assert.Equal(run.Progress[0].ActivityId, part.ParentActivityId);
                Assert.Equal(-1, part.PercentComplete);
            },
            last =>
            {
                Assert.Equal(ProgressRecordType.Completed, last.RecordType);
                Assert.Equal(run.Progress[0].ActivityId, last.ActivityId);
            });
    }

    [Fact]
    public void A_failure_that_has_no_name_is_a_bug_and_is_not_swallowed()
    {
        Runtime.Before = (what, _, _) => what == "remove t2" ? throw new InvalidOperationException("a bug") : Task.CompletedTask;

        var exception = Assert.Throws<InvalidOperationException>(() => Invocation.Run(new RemoveSandboxCommand { Sandbox = Named("t1", "t2", "t3"), PassThru = true }));

        Assert.Equal("a bug", exception.Message);
    }
}
