using FlourishaSandbox.Cmdlets;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

public sealed class LifecycleCmdletTests : CmdletTest
{
    [Fact]
    public void Each_is_suspended_and_goes_on_and_the_object_says_so()
    {
        Runtime.Add("t1");
        Runtime.Add("t2");

        var suspended = Invocation.Run(new SuspendSandboxCommand { Sandbox = Named("t1", "t2"), PassThru = true });
        Assert.Equal([SandboxState.Suspended, SandboxState.Suspended], suspended.OutputOf<Sandbox>().Select(sandbox => sandbox.State));
        Assert.Empty(Invocation.Run(new ResumeSandboxCommand { Sandbox = Named("t1"), Timeout = TimeSpan.FromMinutes(5) }).Output);
        Assert.Equal(["suspend t1", "suspend t2", "resume for 00:05:00 t1"], Runtime.Effects.Order(StringComparer.Ordinal).OrderBy(effect => effect.Contains("resume", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_refused_is_not_touched()
    {
        Runtime.Add("t1");
        foreach (var cmdlet in new SandboxCmdlet[]
        {
            new SuspendSandboxCommand { Sandbox = Named("t1") }, new ResumeSandboxCommand { Sandbox = Named("t1") }, new StopSandboxCommand { Sandbox = Named("t1") },
            new StartSandboxCommand { Sandbox = Named("t1") }, new CopySandboxCommand { Sandbox = Named("t1") }, new CheckpointSandboxCommand { Sandbox = Named("t1")[0], Name = "c1" },
        })
        {
            var run = new Invocation(cmdlet) { Answer = (_, _) => false };
            run.Run();
            Assert.Single(run.Questions);
            Assert.StartsWith("t1 (", run.Questions[0].Target, StringComparison.Ordinal);
        }

        Assert.Empty(Runtime.Effects);
    }

    [Fact]
    public void Stop_gives_what_runs_ten_seconds_and_start_takes_a_new_time()
    {
        Runtime.Add("t1");
        Invocation.Run(new StopSandboxCommand { Sandbox = Named("t1") });
        Invocation.Run(new StartSandboxCommand { Sandbox = Named("t1"), Timeout = TimeSpan.FromHours(3) });
        Assert.Equal(["stop in 00:00:10 t1", "start t1", "set t1: 03:00:00"], Runtime.Effects);
    }

    [Fact]
    public void A_grace_that_is_none_costs_an_error_and_nothing_else()
    {
        Runtime.Add("t1");
        var run = Invocation.Run(new StopSandboxCommand { Sandbox = Named("t1"), GracePeriod = TimeSpan.FromHours(1) });
        Assert.Equal("InvalidOption", Assert.Single(run.Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.Empty(Runtime.Effects);
    }

    [Fact]
    public void Copies_get_names_that_are_free_and_each_is_a_result_or_an_error()
    {
        Runtime.Add("t1", metadata: new() { ["run"] = "42" });
        Runtime.Add("t1-copy-2");
        Runtime.Before = (what, _, _) => what == "create t1-copy-3" ? Task.FromException(new SandboxException(SandboxError.NameInUse, "taken", "t1-copy-3")) : Task.CompletedTask;

        var run = Invocation.Run(new CopySandboxCommand { Sandbox = Named("t1"), Count = 3 });

        Assert.Equal(["t1-copy-1", "t1-copy-4"], run.OutputOf<Sandbox>().Select(sandbox => sandbox.Name));
        Assert.Equal("taken", Assert.Single(run.Errors).Exception.Message);
        Assert.All(Runtime.Specifications, specification => Assert.Equal(("sha256:" + new string('c', 64), "42", TimeSpan.FromHours(2)), (specification.Image, specification.Metadata["run"], specification.Timeout)));
        Assert.Equal("release", Runtime.Effects.Last());
    }

    [Fact]
    public void A_checkpoint_is_made_once_replaced_by_force_listed_and_removed()
    {
        Runtime.Add("t1");
        var made = Invocation.Run(new CheckpointSandboxCommand { Sandbox = Named("t1")[0], Name = "base" });
        Assert.Equal("base", Assert.Single(made.OutputOf<SandboxCheckpoint>()).Name);

        var again = Invocation.Run(new CheckpointSandboxCommand { Sandbox = Named("t1")[0], Name = "base" });
        Assert.Equal("NameInUse", Assert.Single(again.Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.Empty(Invocation.Run(new CheckpointSandboxCommand { Sandbox = Named("t1")[0], Name = "base", Force = true }).Errors);

        Assert.Equal("t1", Assert.Single(Invocation.Run(new GetSandboxCheckpointCommand { Name = ["b*"] }).OutputOf<SandboxCheckpoint>()).Source);
        Assert.Empty(Invocation.Run(new GetSandboxCheckpointCommand { Name = ["x*"] }).Output);
        Assert.Equal("CheckpointNotFound", Assert.Single(Invocation.Run(new GetSandboxCheckpointCommand { Name = ["x"] }).Errors).FullyQualifiedErrorId.Split(',')[0]);

        Assert.Single(Invocation.Run(new RemoveSandboxCheckpointCommand { Name = ["b*"], PassThru = true }).Output);
        Assert.Empty(Runtime.Lifecycle.Checkpoints);
    }

    [Fact]
    public void A_sandbox_from_a_checkpoint_has_its_ports_and_the_users_of_the_one_that_it_is_of()
    {
        Runtime.Add("t1");
        Invocation.Run(new CheckpointSandboxCommand { Sandbox = Named("t1")[0], Name = "base" });
        Assert.Empty(Invocation.Run(new NewSandboxCommand { Checkpoint = "base", Name = "t2", Port = [9000] }).Errors);
        var specification = Assert.Single(Runtime.Specifications);
        Assert.Equal([8000, 9000], specification.Ports);
        Assert.Equal(("flourisha-checkpoint:base", "root"), (specification.Image, specification.User));
    }
}
