using FlourishaSandbox.Cmdlets;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

public sealed class RemoveAndClearTests : CmdletTest
{
    [Fact]
    public void Remove_asks_about_each_before_it_goes_and_spares_what_is_refused()
    {
        foreach (var name in new[] { "t1", "t2", "t3" })
            Runtime.Add(name);

        var asked = new List<int>();
        var run = new Invocation(new RemoveSandboxCommand { Sandbox = Named("t*"), ThrottleLimit = 1 })
        {
            Answer = (target, action) =>
            {
                asked.Add(Runtime.Sandboxes.Count(each => target.StartsWith(each.Name, StringComparison.Ordinal)));
                return !target.StartsWith("t2", StringComparison.Ordinal);
            },
        };

        run.Run();

        Assert.Equal([1, 1, 1], asked);
        Assert.Equal(["remove t1", "remove t3"], Runtime.Effects.Order(StringComparer.Ordinal));
        Assert.Equal($"t1 ({Runtime.Sandboxes[0].ShortId.Length switch { 12 => run.Questions[0].Target[4..16], _ => "" }})", run.Questions[0].Target);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void Remove_by_wildcard_means_ones_own()
    {
        Runtime.Add("t1");
        Runtime.Add("t2", owner: "somebody@else");

        Invocation.Run(new RemoveSandboxCommand { Sandbox = Named("*") });

        Assert.Equal(["remove t1"], Runtime.Effects);
    }

    [Fact]
    public void Clear_takes_what_has_ended_or_is_past_its_deadline_and_says_why()
    {
        Runtime.Add("fresh");
        Runtime.Add("ended", SandboxState.Stopped);
        Runtime.Add("over", age: TimeSpan.FromHours(3), lifetime: TimeSpan.FromHours(1));
        Runtime.Add("others", SandboxState.Stopped, owner: "somebody@else");

        var run = Invocation.Run(new ClearStaleSandboxCommand());

        Assert.Equal([("ended", "it has stopped"), ("over", "its deadline passed 2 h ago")], run.OutputOf<StaleItem>().Select(each => (each.Name, each.Reason)));
        Assert.Collection(
            run.Questions,
            first => Assert.EndsWith("): it has stopped", first.Target, StringComparison.Ordinal),
            second => Assert.EndsWith("): its deadline passed 2 h ago", second.Target, StringComparison.Ordinal));
        Assert.Equal(["fresh", "others"], Runtime.Sandboxes.Select(each => each.Name));
    }

    [Fact]
    public void Clear_for_all_takes_others_too()
    {
        Runtime.Add("others", SandboxState.Stopped, owner: "somebody@else");

        Invocation.Run(new ClearStaleSandboxCommand { All = true });

        Assert.Empty(Runtime.Sandboxes);
    }

    [Fact]
    public void Clear_leaves_what_runs_before_its_deadline_unless_forced()
    {
        Runtime.Add("old", age: TimeSpan.FromHours(3));
        Runtime.Add("frozen", SandboxState.Suspended, age: TimeSpan.FromHours(3));
        Runtime.Add("young");

        var careful = Invocation.Run(new ClearStaleSandboxCommand { OlderThan = TimeSpan.FromHours(2) });

        Assert.Empty(careful.Questions);
        Assert.Empty(Runtime.Effects);
        Assert.Equal(2, careful.Warnings.Count);
        Assert.Contains("'old' is left alone: it is 3 h old", careful.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("-Force", careful.Warnings[0], StringComparison.Ordinal);

        var forced = Invocation.Run(new ClearStaleSandboxCommand { OlderThan = TimeSpan.FromHours(2), Force = true });

        Assert.Equal(2, forced.Questions.Count);
        Assert.Equal(["young"], Runtime.Sandboxes.Select(each => each.Name));
    }

    [Fact]
    public void Clear_removes_nothing_that_is_refused()
    {
        Runtime.Add("ended", SandboxState.Stopped);

        new Invocation(new ClearStaleSandboxCommand { Force = true }) { Answer = (_, _) => false }.Run();

        Assert.Empty(Runtime.Effects);
    }

    [Fact]
    public void Clear_takes_what_sandboxes_left_too_and_tells_what_each_is()
    {
        Runtime.Remains.Remnants.AddRange(
        [
            Left(StaleKind.Network, "orphan", TimeSpan.FromHours(1)), Left(StaleKind.Network, "young", TimeSpan.FromMinutes(4)),
            Left(StaleKind.Volume, "used", TimeSpan.FromHours(1)) with { IsUsed = true }, Left(StaleKind.Image, "others", TimeSpan.FromHours(1)) with { Owner = "somebody@else" },
            Left(StaleKind.Agent, "old-agent", TimeSpan.FromDays(8)), Left(StaleKind.Agent, "agent", TimeSpan.FromDays(6)),
        ]);

        var run = Invocation.Run(new ClearStaleSandboxCommand());

        Assert.Equal([(StaleKind.Network, "orphan", true), (StaleKind.Agent, "old-agent", true)], run.OutputOf<StaleItem>().Select(each => (each.Kind, each.Name, each.Removed)));
        Assert.Equal(["Network orphan: its sandbox is gone", "Agent old-agent: it is 8 days old, of another version, and no sandbox uses it"], run.Questions.Select(question => question.Target));
    }

    [Fact]
    public void Clear_looks_again_just_before_it_removes()
    {
        var over = Runtime.Add("over", age: TimeSpan.FromHours(3), lifetime: TimeSpan.FromHours(1));
        Runtime.Remains.Confirming = sandbox => new Sandbox { Id = sandbox.Id, Name = sandbox.Name, State = sandbox.State, Image = sandbox.Image, Owner = sandbox.Owner, CreatedAt = sandbox.CreatedAt, Engine = sandbox.Engine, Deadline = DateTimeOffset.UtcNow + TimeSpan.FromHours(1) };

        var run = Invocation.Run(new ClearStaleSandboxCommand());

        Assert.Empty(Runtime.Effects);
        Assert.Contains("'over' is left alone: somebody has prolonged its life meanwhile", Assert.Single(run.Warnings), StringComparison.Ordinal);
        Runtime.Remains.Confirming = _ => null;
        Assert.True(Assert.Single(Invocation.Run(new ClearStaleSandboxCommand()).OutputOf<StaleItem>()).Removed);
        Assert.Equal([over], Runtime.Sandboxes);
    }

    private static Runtimes.Remnant Left(StaleKind kind, string name, TimeSpan age) => new() { Kind = kind, Id = name, Name = name, CreatedAt = DateTimeOffset.UtcNow - age };
}
