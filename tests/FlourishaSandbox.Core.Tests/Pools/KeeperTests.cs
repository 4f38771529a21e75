using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Images;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Pools;

/// <summary>Pools are what they are to be: filled, never overfilled, made anew when what they are made from has changed, and served.</summary>
[Trait("Category", Engine.Category)]
public sealed class KeeperTests
{
    [Fact]
    public async Task Several_who_fill_a_pool_at_once_do_not_overfill_it()
    {
        await using var pool = await PoolHouse.OpenAsync();
        await using var second = await PoolHouse.OpenAsync(pool);
        await using var third = await PoolHouse.OpenAsync(pool);
        await Task.WhenAll(pool.FillAsync(3), second.FillAsync(3), third.FillAsync(3));
        var there = await pool.LookAsync();
        Assert.Equal((3, 3, 0, 0), (there.Members.Count, there.Ready, there.Starting, there.Outdated));
    }

    [Fact]
    public async Task Claims_at_once_by_several_managers_never_meet()
    {
        await using var pool = await PoolHouse.OpenAsync();
        await using var second = await PoolHouse.OpenAsync(pool);
        await pool.FillAsync(6);
        var made = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? pool : second).NewAsync()));
        Assert.Equal(10, made.Select(one => one.Sandbox.Id).Distinct().Count());
        Assert.Equal(10, made.Select(one => one.Sandbox.Name).Distinct().Count());
        Assert.Equal(6, made.Count(one => one.IsClaimed));
        var answers = await Task.WhenAll(made.Select(one => pool.House.ShellAsync(one.Sandbox, "hostname; cat /tmp/mine 2>/dev/null; touch /tmp/mine")));
        Assert.Equal(10, answers.Length);
        Assert.Empty((await pool.LookAsync()).Members);
    }

    [Fact]
    public async Task A_smaller_pool_lets_go_of_what_is_too_much()
    {
        await using var pool = await PoolHouse.OpenAsync();
        var first = await pool.FillAsync(3);
        var then = await pool.FillAsync(1);
        Assert.Contains(Assert.Single(then.Members).Sandbox.Id, first.Members.Select(member => member.Sandbox.Id));
        Assert.Equal(1, await pool.Pools.ClearAsync(then, pool.Observer, Limits.Token));
        Assert.Empty(await pool.House.LeftoversAsync());
        Assert.Empty(await pool.Pools.ListAsync(allOwners: false, Limits.Token));
    }

    [Fact]
    public async Task What_is_claimed_just_now_is_not_removed()
    {
        await using var pool = await PoolHouse.OpenAsync();
        var before = await pool.FillAsync(1);
        var (sandbox, isClaimed) = await pool.NewAsync();
        Assert.True(isClaimed);

        // Who looked before it was claimed, clears after that.
        Assert.Equal(0, await pool.Pools.ClearAsync(before, pool.Observer, Limits.Token));
        Assert.Equal("1", await pool.House.ShellAsync(sandbox, "echo 1"));
    }

    [Fact]
    public async Task A_template_that_changed_makes_what_waits_outdated()
    {
        using var folder = new TemporaryFolder();
        var template = "t" + Guid.NewGuid().ToString("N")[..10];
        const string head = "ARG BASE_IMAGE=debian:bookworm-slim\nFROM ${BASE_IMAGE}\n";
        folder.Write($"{template}/Dockerfile", head + "LABEL edition=1\n");
        await using var pool = await PoolHouse.OpenAsync(templates: folder.Path);
        var first = await pool.FillAsync(1, definition => definition with { Image = null, Template = template });
        pool.House.Own(new SandboxImage { Id = "", Name = first.Members[0].Sandbox.Image });

        folder.Write($"{template}/Dockerfile", head + "LABEL edition=2\n");
        var (sandbox, isClaimed) = await pool.NewAsync(options => options with { Image = null, Template = template });
        pool.House.Own(new SandboxImage { Id = "", Name = sandbox.Image });
        Assert.False(isClaimed);
        Assert.NotEqual(first.Members[0].Sandbox.Image, sandbox.Image);
        var looked = await pool.LookAsync();
        Assert.Equal((0, 1), (looked.Ready, looked.Outdated));

        var second = await pool.FillAsync(1, definition => definition with { Image = null, Template = template });
        Assert.Equal(sandbox.Image, Assert.Single(second.Members).Sandbox.Image);
        Assert.Equal((1, 0), (second.Ready, second.Outdated));
        Assert.True((await pool.NewAsync(options => options with { Image = null, Template = template })).IsClaimed);
    }

    [Fact]
    public async Task Who_serves_fills_again_what_was_claimed_or_ended_and_ends_when_told_to()
    {
        await using var pool = await PoolHouse.OpenAsync();
        await pool.FillAsync(2);
        using var end = new CancellationTokenSource();
        var serving = pool.Pools.ServeAsync(pool.Observer, end.Token);

        Assert.True((await pool.NewAsync()).IsClaimed);
        await UntilAsync(async () => (await pool.LookAsync()).Ready == 2, "the place of what was claimed is filled");

        var dead = (await pool.LookAsync()).Members[0].Sandbox;
        await pool.House.Client.Containers.KillAsync(dead.Id, "SIGKILL", Limits.Token);
        await UntilAsync(async () => await pool.LookAsync() is { Ready: 2 } there && there.Members.All(member => member.Sandbox.Id != dead.Id), "the place of what has ended is filled");

        await end.CancelAsync();
        await serving;
        Assert.Empty(pool.Observer.Warnings);

        // One that ran already, but had not answered yet, was taken back.
        var left = await pool.LookAsync();
        Assert.InRange(left.Ready, 1, 2);
        Assert.Equal(left.Ready, left.Members.Count);
    }

    [Fact]
    public async Task Filling_that_is_broken_off_leaves_nothing_half_made()
    {
        await using var pool = await PoolHouse.OpenAsync();
        using var end = new CancellationTokenSource();
        var filling = pool.Pools.SetAsync(pool.Definition with { Size = 20 }, new CancelAt("1 of", end), end.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => filling);

        var there = await pool.LookAsync();
        Assert.Equal(there.Members.Count, there.Ready);
        Assert.InRange(there.Ready, 1, 19);
    }

    [Fact]
    public async Task What_waits_ends_by_itself_and_is_renewed_by_who_serves()
    {
        await using var pool = await PoolHouse.OpenAsync();
        var member = Assert.Single((await pool.FillAsync(1)).Members);
        var container = await pool.House.InspectAsync(member.Sandbox);
        Assert.Contains("--lifetime", container.Config.Cmd!);
        Assert.InRange(member.Sandbox.Deadline!.Value - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));

        using var runtime = FlourishaSandbox.Runtimes.DockerRuntime.Connect(agentFolder: Repository.Agents);
        Assert.True(await runtime.Pool.TryRenewAsync(member, TimeSpan.FromSeconds(1), Limits.Token));
        await UntilAsync(async () => (await pool.House.InspectAsync(member.Sandbox)).State is { Running: false, ExitCode: 124 }, "it has ended");
        Assert.False(await runtime.Pool.TryRenewAsync(member, TimeSpan.FromSeconds(60), Limits.Token));
        Assert.Equal((0, 1), (await pool.LookAsync()) is var there ? (there.Ready, there.Outdated) : default);
    }

    [Fact]
    public async Task The_claim_of_a_sandbox_that_was_removed_past_us_is_forgotten()
    {
        await using var pool = await PoolHouse.OpenAsync();
        await pool.FillAsync(2);
        var (kept, _) = await pool.NewAsync();
        var (gone, isClaimed) = await pool.NewAsync();
        Assert.True(isClaimed);
        await pool.House.Client.Containers.RemoveAsync(gone.Id, force: true, removeVolumes: true, Limits.Token);

        using var runtime = FlourishaSandbox.Runtimes.DockerRuntime.Connect(agentFolder: Repository.Agents);
        Assert.InRange(await runtime.Pool.ForgetClaimsAsync(Limits.Token), 1, int.MaxValue);
        Assert.Null(await pool.House.Client.Volumes.InspectAsync($"flourisha-claim-{gone.ShortId}", Limits.Token));
        Assert.Equal(kept.CreatedAt, (await pool.House.AgainAsync(kept)).CreatedAt);
        Assert.NotNull(await pool.House.Client.Volumes.InspectAsync($"flourisha-claim-{kept.ShortId}", Limits.Token));
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        var token = Limits.Token;
        while (!await isSo())
        {
            Assert.False(token.IsCancellationRequested, $"waited in vain: {what}");
            await Task.Delay(50, token);
        }
    }

    private sealed class CancelAt(string status, CancellationTokenSource source) : OperationObserver
    {
        public override void Report(OperationProgress progress)
        {
            if (progress.Status.StartsWith(status, StringComparison.Ordinal))
                source.Cancel();
        }
    }
}
