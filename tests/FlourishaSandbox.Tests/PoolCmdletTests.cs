using FlourishaSandbox.Cmdlets;
using FlourishaSandbox.Pools;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

/// <summary>Set-, Get- and Clear-SandboxPool, and how New-Sandbox takes from one.</summary>
public sealed class PoolCmdletTests : CmdletTest
{
    [Fact]
    public void Set_asks_fills_and_gives_the_pool_where_wanted()
    {
        var run = Invocation.Run(new SetSandboxPoolCommand { Template = "minimal", Size = 2, PassThru = true });

        Assert.Equal([("minimal", "Have 2 sandboxes wait")], run.Questions.Select(question => (question.Target, question.Action)));
        Assert.Equal(["warm minimal", "warm minimal"], Runtime.Effects.Where(effect => effect.StartsWith("warm", StringComparison.Ordinal)));
        var pool = run.OutputOf<SandboxPool>().Single();
        Assert.Equal(("minimal", 2, 2, 0), (pool.Name, pool.Size, pool.Ready, pool.Outdated));
        Assert.Empty(Invocation.Run(new SetSandboxPoolCommand { Template = "minimal", Size = 2 }).Output);
    }

    [Fact]
    public void Set_makes_a_pool_smaller_without_touching_what_is_right()
    {
        Invocation.Run(new SetSandboxPoolCommand { Template = "minimal", Size = 3 });
        Runtime.Effects.Clear();

        var pool = Invocation.Run(new SetSandboxPoolCommand { Template = "minimal", Size = 1, PassThru = true }).OutputOf<SandboxPool>().Single();

        Assert.Equal((1, 1), (pool.Size, pool.Ready));
        Assert.Equal(["cool minimal", "cool minimal"], Runtime.Effects.Where(effect => effect.Contains("minimal", StringComparison.Ordinal) && !effect.StartsWith("build", StringComparison.Ordinal)));
    }

    [Fact]
    public void Set_replaces_what_was_made_otherwise()
    {
        Invocation.Run(new SetSandboxPoolCommand { Template = "minimal", Size = 1 });
        var pool = Invocation.Run(new SetSandboxPoolCommand { Template = "minimal", Size = 1, Memory = 512L << 20, PassThru = true }).OutputOf<SandboxPool>().Single();

        Assert.Equal((1, 0), (pool.Ready, pool.Outdated));
        Assert.Equal(512L << 20, Assert.Single(Runtime.Pool.Members).Sandbox.Limits.Memory);
    }

    [Fact]
    public void Set_without_consent_writes_nothing_down()
    {
        new Invocation(new SetSandboxPoolCommand { Template = "minimal", Size = 2 }) { Answer = (_, _) => false }.Run();

        Assert.Empty(Runtime.Effects);
        Assert.Empty(Invocation.Run(new GetSandboxPoolCommand()).Output);
    }

    [Theory]
    [InlineData(1024L, null, "Memory '1024'")]
    [InlineData(null, NetworkPolicy.Dedicated, "Network 'Dedicated'")]
    public void Set_refuses_what_no_pool_can_have(long? memory, NetworkPolicy? network, string named)
    {
        var run = Invocation.Run(new SetSandboxPoolCommand { Template = "minimal", Size = 1, Memory = memory, Network = network });

        Assert.Contains(named, run.Terminating?.ToString() ?? "", StringComparison.Ordinal);
        Assert.Empty(Runtime.Effects);
    }

    [Fact]
    public void Set_does_not_write_down_what_cannot_be_made()
    {
        Assert.Equal("TemplateNotFound", Invocation.Run(new SetSandboxPoolCommand { Template = "nosuch", Size = 1 }).Terminating?.FullyQualifiedErrorId);
        Assert.Empty(Invocation.Run(new GetSandboxPoolCommand()).Output);
    }

    [Fact]
    public void Get_finds_by_wildcard_and_tells_what_is_not_there()
    {
        Invocation.Run(new SetSandboxPoolCommand { Template = "minimal", Size = 1 });
        Invocation.Run(new SetSandboxPoolCommand { Template = "minimal", Size = 1, Isolation = IsolationLevel.Strict });

        Assert.Equal(["minimal", "minimal+strict"], Invocation.Run(new GetSandboxPoolCommand()).OutputOf<SandboxPool>().Select(pool => pool.Name));
        Assert.Equal(["minimal+strict"], Invocation.Run(new GetSandboxPoolCommand { Name = ["*strict", "nosuch*"] }).OutputOf<SandboxPool>().Select(pool => pool.Name));
        Assert.Equal(["error PoolNotFound nosuch"], Invocation.Run(new GetSandboxPoolCommand { Name = ["nosuch"] }).Order);
    }

    [Fact]
    public void Clear_removes_what_waits_and_forgets_the_pool()
    {
        Invocation.Run(new SetSandboxPoolCommand { Template = "minimal", Size = 2 });
        var run = Invocation.Run(new ClearSandboxPoolCommand { Name = ["minimal"], PassThru = true });

        Assert.Contains("the 2 sandboxes that wait in it", run.Questions.Single().Action, StringComparison.Ordinal);
        Assert.Equal("minimal", run.OutputOf<SandboxPool>().Single().Name);
        Assert.Empty(Runtime.Pool.Members);
        Assert.Equal(["error PoolNotFound minimal"], Invocation.Run(new ClearSandboxPoolCommand { Name = ["minimal"] }).Order);
    }

    [Fact]
    public void New_takes_one_that_waits_unless_told_otherwise()
    {
        Invocation.Run(new SetSandboxPoolCommand { Template = "minimal", Size = 1 });
        Runtime.Effects.Clear();

        Invocation.Run(new NewSandboxCommand { Template = "minimal", Name = "cold", NoPool = true });
        Invocation.Run(new NewSandboxCommand { Template = "minimal", Name = "warm" });
        Invocation.Run(new NewSandboxCommand { Template = "minimal", Name = "cold-again" });

        Assert.Equal(["create cold", "claim warm", "create cold-again"], Runtime.Effects.Where(effect => effect.StartsWith('c')));
    }
}
