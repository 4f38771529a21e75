using System.Management.Automation;
using System.Management.Automation.Runspaces;
using FlourishaSandbox.Cmdlets;

namespace FlourishaSandbox.Tests;

/// <summary>Ctrl+C takes away what the interrupted command line made, and nothing that was there before.</summary>
public sealed class PipelineLedgerTests : CmdletTest
{
    private readonly Runspace _runspace = new();

    public PipelineLedgerTests()
    {
        Runspace.DefaultRunspace = _runspace;
        Runtime.Add("older");
    }

    public override void Dispose()
    {
        Runspace.DefaultRunspace = null;
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void What_an_earlier_statement_of_the_line_made_is_removed_when_a_later_one_is_interrupted()
    {
        Make("t1");
        Make("t2");

        Interrupt();

        Assert.Equal(["older"], Names());
    }

    [Fact]
    public void What_was_made_before_the_prompt_was_back_stays()
    {
        Make("t1");
        _runspace.Become(RunspaceAvailability.Available);
        _runspace.Become(RunspaceAvailability.Busy);
        Make("t2");

        Interrupt();

        Assert.Equal(["older", "t1"], Names());
    }

    [Fact]
    public void What_another_runspace_made_stays()
    {
        Runspace.DefaultRunspace = new Runspace();
        Make("t1");
        Runspace.DefaultRunspace = _runspace;

        Interrupt();

        Assert.Equal(["older", "t1"], Names());
    }

    [Fact]
    public void What_cannot_be_removed_costs_none_of_the_others()
    {
        Make("t1");
        Make("t2");
        Runtime.Before = (what, _, _) => what == "remove t1" ? throw new Sandboxes.SandboxException(Sandboxes.SandboxError.EngineFailed, "No.") : Task.CompletedTask;

        Interrupt();

        Assert.Equal(["older", "t1"], Names());
    }

    [Fact]
    public void A_line_that_ends_well_or_with_an_error_keeps_what_it_made()
    {
        Make("t1");
        Invocation.Run(new RemoveSandboxCommand { Sandbox = Named("missing") });
        Invocation.Run(new NewSandboxCommand { Image = "base:1", Name = "-x" }, "Image");

        Assert.Equal(["older", "t1"], Names());
    }

    private static void Make(string name) => Assert.Empty(Invocation.Run(new NewSandboxCommand { Image = "base:1", Name = name }, "Image").Errors);

    private void Interrupt()
    {
        var cmdlet = new GetSandboxCommand();
        Runtime.Listing = async cancellationToken =>
        {
            CmdletDriver.Stop(cmdlet);
            await Task.Delay(TimeSpan.FromSeconds(10), cancellationToken);
        };

        var run = new Invocation(cmdlet, "Name");
        run.Run();

        Assert.True(run.IsStopped);
    }

    private string[] Names() => [.. Runtime.Sandboxes.Select(each => each.Name).Order(StringComparer.Ordinal)];
}
