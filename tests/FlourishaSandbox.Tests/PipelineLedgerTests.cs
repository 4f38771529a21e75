using System.Management.Automation;
using System.Management.Automation.Runspaces;
using FlourishaSandbox.Cmdlets;

namespace FlourishaSandbox.Tests;

/// <summary>Ctrl+C takes away what the interrupted command line had made, and nothing older.</summary>
public sealed class PipelineLedgerTests : CmdletTest
{
    private readonly Runspace _runspace = new();

    public PipelineLedgerTests() => Runspace.DefaultRunspace = _runspace;

    public override void Dispose()
    {
        Runspace.DefaultRunspace = null;
        base.Dispose();
    }

    [Fact]
    public void What_earlier_statements_of_the_command_line_made_goes_when_a_later_one_is_interrupted()
    {
        Invocation.Run(new NewSandboxCommand { Image = "base:1", Name = "t", Count = 3 }, "Image");
        Assert.Equal(3, Runtime.Sandboxes.Count);

        Interrupt(new NewSandboxCommand { Image = "base:1", Name = "last" });

        Assert.Empty(Runtime.Sandboxes);
    }

    [Fact]
    public void What_was_made_before_the_command_line_stays()
    {
        Invocation.Run(new NewSandboxCommand { Image = "base:1", Name = "kept" }, "Image");
        _runspace.ComeBackToPrompt();
        Invocation.Run(new NewSandboxCommand { Image = "base:1", Name = "gone" }, "Image");

        Interrupt(new NewSandboxCommand { Image = "base:1", Name = "last" });

        Assert.Equal(["kept"], Runtime.Sandboxes.Select(sandbox => sandbox.Name));
    }

    [Fact]
    public void Other_runspaces_keep_theirs()
    {
        Runspace.DefaultRunspace = new Runspace();
        Invocation.Run(new NewSandboxCommand { Image = "base:1", Name = "theirs" }, "Image");
        Runspace.DefaultRunspace = _runspace;

        Interrupt(new NewSandboxCommand { Image = "base:1", Name = "mine" });

        Assert.Equal(["theirs"], Runtime.Sandboxes.Select(sandbox => sandbox.Name));
    }

    [Fact]
    public void What_the_next_cmdlet_did_not_take_goes()
    {
        var run = new Invocation(new NewSandboxCommand { Image = "base:1", Name = "t", Count = 5, ThrottleLimit = 5 }, "Image")
        {
            Downstream = _ => throw new PipelineStoppedException(), // as Select-Object -First 1 does
        };

        run.Run();

        Assert.Equal(run.Output.Select(taken => taken!.ToString()), Runtime.Sandboxes.Select(sandbox => sandbox.Name));
        Assert.Single(Runtime.Sandboxes);
    }

    private void Interrupt(NewSandboxCommand cmdlet)
    {
        using var began = new ManualResetEventSlim();
        Runtime.Before = async (operation, _, cancellationToken) =>
        {
            if (!operation.StartsWith("create ", StringComparison.Ordinal))
                return;

            began.Set();
            await Task.Delay(TimeSpan.FromSeconds(10), cancellationToken);
        };
        var run = new Invocation(cmdlet, "Image");
        var stopping = Task.Run(() =>
        {
            began.Wait();
            CmdletDriver.Stop(cmdlet);
        });

        run.Run();

        stopping.Wait();
        Assert.True(run.IsStopped);
    }
}
