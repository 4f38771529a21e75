using System.Management.Automation;
using FlourishaSandbox.Cmdlets;

namespace FlourishaSandbox.Tests;

/// <summary>Ctrl+C, and pipelines that end early: nothing goes on behind the user's back, and what was made is taken away first.</summary>
public sealed class InterruptTests : CmdletTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly TaskCompletionSource _began = new();
    private volatile bool _isCleanedUp;

    public InterruptTests() => Runtime.Before = async (_, _, cancellationToken) =>
    {
        _began.TrySetResult();
        try
        {
            await Task.Delay(Patience, cancellationToken);
        }
        finally
        {
            await Task.Delay(100, CancellationToken.None);
            _isCleanedUp = true;
        }
    };

    [Fact]
    public void Stop_cancels_the_work_and_the_pipeline_ends_after_its_cleanup()
    {
        var cmdlet = new NewSandboxCommand { Image = "base:1", Name = "t1" };
        var run = new Invocation(cmdlet, "Image");
        using var stopping = StopWhenBegun(cmdlet);

        run.Run();

        Assert.True(run.IsStopped);
        Assert.True(_isCleanedUp);
        Assert.Empty(run.Order);
        Assert.Empty(Runtime.Effects);
        Assert.Empty(Runtime.Sandboxes);
    }

    [Fact]
    public void Stop_while_a_record_is_processed_ends_it_too()
    {
        var began = new TaskCompletionSource();
        Runtime.Listing = async cancellationToken =>
        {
            began.SetResult();
            await Task.Delay(Patience, cancellationToken);
        };
        var cmdlet = new GetSandboxCommand();
        var run = new Invocation(cmdlet, "Name");
        using var stopping = began.Task.ContinueWith(_ => CmdletDriver.Stop(cmdlet), TaskScheduler.Default);

        run.Run();

        Assert.True(run.IsStopped);
        Assert.Empty(run.Order);
    }

    [Fact]
    public void What_waits_for_its_turn_when_stopped_is_never_begun()
    {
        var cmdlet = new NewSandboxCommand { Image = "base:1", Name = "t", Count = 5, ThrottleLimit = 1 };
        var run = new Invocation(cmdlet, "Image");
        using var stopping = StopWhenBegun(cmdlet);

        run.Run();

        Assert.True(run.IsStopped);
        Assert.Single(Runtime.Specifications);
    }

    [Fact]
    public void What_was_made_but_not_handed_on_when_stopped_is_removed_again()
    {
        var cmdlet = new NewSandboxCommand { Image = "base:1", Name = "t", Count = 3, ThrottleLimit = 3 };
        Runtime.Before = async (what, _, cancellationToken) =>
        {
            // The second waits for ever, and the third behind it in the order is there already.
            if (what == "create t-2")
                await Task.Delay(Patience, cancellationToken);
        };
        var run = new Invocation(cmdlet, "Image");
        using var stopping = Task.Run(() =>
        {
            Assert.True(SpinWait.SpinUntil(() => run.Output.Count == 1 && Runtime.Effects.Contains("create t-3"), Patience));
            Thread.Sleep(50);
            CmdletDriver.Stop(cmdlet);
        });

        run.Run();

        Assert.True(run.IsStopped);
        Assert.Equal(["object t-1"], run.Order);
        Assert.Equal(["t-1"], Runtime.Sandboxes.Select(each => each.Name));
    }

    [Fact]
    public void What_was_made_for_a_taker_that_wants_no_more_is_removed_again()
    {
        var begun = 0;
        var all = new TaskCompletionSource();
        Runtime.Before = async (operation, _, cancellationToken) =>
        {
            // None is ready before the last has begun, or the first would be handed on before the others are asked for.
            if (operation.StartsWith("create ", StringComparison.Ordinal) && Interlocked.Increment(ref begun) == 3)
                all.SetResult();
            await all.Task.WaitAsync(Patience, cancellationToken);
        };
        var run = new Invocation(new NewSandboxCommand { Image = "base:1", Name = "t", Count = 3, ThrottleLimit = 3 }, "Image")
        {
            Downstream = _ =>
            {
                Assert.True(SpinWait.SpinUntil(() => Runtime.Sandboxes.Count == 3, Patience));
                throw new EnoughException();
            },
        };

        Assert.Throws<EnoughException>(() => run.Run());

        Assert.Equal(["t-1"], Runtime.Sandboxes.Select(each => each.Name));
    }

    [Fact]
    public void A_failure_during_the_cleanup_after_stop_is_no_error()
    {
        Runtime.Before = async (_, _, cancellationToken) =>
        {
            _began.TrySetResult();
            await Task.Delay(Patience, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
            throw new InvalidOperationException("the cleanup failed");
        };
        var cmdlet = new NewSandboxCommand { Image = "base:1" };
        var run = new Invocation(cmdlet, "Image");
        using var stopping = StopWhenBegun(cmdlet);

        run.Run();

        Assert.True(run.IsStopped);
        Assert.Empty(run.Order);
    }

    [Fact]
    public void Dispose_without_EndProcessing_waits_until_the_work_has_cleaned_up()
    {
        var cmdlet = new NewSandboxCommand { Image = "base:1" };
        CmdletDriver.Bind(cmdlet, "Image", []);
        cmdlet.CommandRuntime = new Invocation(cmdlet);
        CmdletDriver.Begin(cmdlet);
        CmdletDriver.Process(cmdlet);
        Assert.True(SpinWait.SpinUntil(() => _began.Task.IsCompleted, Patience));

        cmdlet.Dispose();

        Assert.True(_isCleanedUp);
        Assert.Empty(Runtime.Sandboxes);
    }

    [Fact]
    public void A_taker_that_wants_no_more_ends_what_is_under_way()
    {
        // Select-Object -First 1 ends the pipeline by an exception out of WriteObject.
        Runtime.Add("t1");
        Runtime.Add("t2");
        var began = new TaskCompletionSource();
        Runtime.Before = async (what, _, cancellationToken) =>
        {
            if (what != "remove t2")
            {
                await began.Task.WaitAsync(Patience, cancellationToken);
                return;
            }

            began.SetResult();
            try
            {
                await Task.Delay(Patience, cancellationToken);
            }
            finally
            {
                _isCleanedUp = true;
            }
        };
        var run = new Invocation(new RemoveSandboxCommand { Sandbox = Named("t1", "t2"), PassThru = true, ThrottleLimit = 2 })
        {
            Downstream = _ => throw new EnoughException(),
        };

        Assert.Throws<EnoughException>(() => run.Run());

        Assert.Equal(["object t1"], run.Order);
        Assert.True(_isCleanedUp);
        Assert.Equal(["t2"], Runtime.Sandboxes.Select(each => each.Name));
    }

    [Fact]
    public void A_taker_of_lines_that_wants_no_more_ends_the_command()
    {
        Runtime.Before = null;
        Runtime.Add("t1");
        Runtime.Running = async (_, _, output, cancellationToken) =>
        {
            try
            {
                while (true)
                {
                    await output.WriteAsync(Commands.OutputSource.Output, "line\n"u8.ToArray(), cancellationToken);
                    await Task.Delay(1, cancellationToken);
                }
            }
            finally
            {
                _isCleanedUp = true;
            }
        };
        var run = new Invocation(new InvokeSandboxCommandCommand { Sandbox = Named("t1"), Command = "yes", Stream = true }, "Sandbox");
        run.Downstream = _ =>
        {
            if (run.Output.Count == 3)
                throw new EnoughException();
        };

        Assert.Throws<EnoughException>(() => run.Run());

        Assert.True(_isCleanedUp);
        Assert.Equal(3, run.Output.Count);
    }

    private Task StopWhenBegun(Cmdlet cmdlet) => _began.Task.ContinueWith(_ => CmdletDriver.Stop(cmdlet), TaskScheduler.Default);

#pragma warning disable CA1064 // thrown and caught here alone
    private sealed class EnoughException : Exception;
#pragma warning restore CA1064
}
