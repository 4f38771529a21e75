using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Pools;

/// <summary>What waits becomes the sandbox that was asked for, in nothing different from one that was made for it, or is left alone.</summary>
[Trait("Category", Engine.Category)]
public sealed class ClaimTests
{
    [Fact]
    public async Task It_becomes_what_was_asked_for()
    {
        await using var pool = await PoolHouse.OpenAsync();
        await pool.FillAsync(1);
        var name = Engine.NewName();
        var (sandbox, isClaimed) = await pool.NewAsync(options => options with
        {
            Name = name,
            Metadata = new Dictionary<string, string> { ["run"] = "42" },
            Environment = new Dictionary<string, string> { ["GREETING"] = "hello" },
            Limits = options.Limits with { Cpus = 0.5, PidLimit = 99 },
            Timeout = TimeSpan.FromMinutes(20),
        });

        Assert.True(isClaimed, string.Join('\n', pool.Observer.Messages));
        Assert.Equal("hello", await pool.House.ShellAsync(sandbox, "echo $GREETING"));
        var found = await pool.House.Manager.GetAsync(new SandboxReference(name), Limits.Token);
        var byId = await pool.House.Manager.GetAsync(new SandboxReference(sandbox.ShortId), Limits.Token);
        var listed = Assert.Single(await pool.House.Manager.ListAsync(new SandboxFilter { Owner = pool.House.Settings.Owner, Metadata = new Dictionary<string, string> { ["run"] = "42" } }, Limits.Token));
        foreach (var one in (Sandbox[])[sandbox, found, byId, listed])
        {
            Assert.Equal(sandbox.Id, one.Id);
            Assert.Equal(name, one.Name);
            Assert.Equal(SandboxState.Running, one.State);
            Assert.Equal(pool.House.Settings.Owner, one.Owner);
            Assert.Equal("42", one.Metadata["run"]);
            Assert.Equal(0.5, one.Limits.Cpus);
            Assert.Equal(99, one.Limits.PidLimit);
            Assert.InRange(one.Deadline!.Value - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(18), TimeSpan.FromMinutes(20));
        }

        Assert.InRange(DateTimeOffset.UtcNow - sandbox.CreatedAt, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Empty(await pool.House.Manager.Cleanup.FindSandboxesAsync(olderThan: null, allOwners: false, Limits.Token));
        await pool.House.Manager.RemoveAsync(found, OperationObserver.None, Limits.Token);
        Assert.Empty(await pool.House.LeftoversAsync());
    }

    [Fact]
    public async Task What_waits_is_no_sandbox()
    {
        await using var pool = await PoolHouse.OpenAsync();
        var member = Assert.Single((await pool.FillAsync(1)).Members).Sandbox;
        Assert.Empty(await pool.House.Manager.ListAsync(new SandboxFilter { Owner = pool.House.Settings.Owner }, Limits.Token));
        Assert.Empty(await pool.House.Manager.Cleanup.FindSandboxesAsync(TimeSpan.Zero, allOwners: false, Limits.Token));
        await Failure.ExpectAsync(SandboxError.SandboxNotFound, () => pool.House.Manager.GetAsync(new SandboxReference(member.Name), Limits.Token));
        await Failure.ExpectAsync(SandboxError.SandboxNotFound, () => pool.House.Manager.GetAsync(new SandboxReference(member.Id), Limits.Token));

        // Whoever has it nevertheless cannot use it.
        var refused = await Assert.ThrowsAsync<SandboxException>(() => pool.House.RunAsync(member, "true"));
        Assert.Contains("waits in a pool", refused.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Misfits => ["volume", "port", "user", "folder", "isolation", "network", "memory", "host", "end", "pool"];

    [Theory]
    [MemberData(nameof(Misfits))]
    public async Task What_a_claim_cannot_give_is_made_anew(string what)
    {
        await using var pool = await PoolHouse.OpenAsync();
        await pool.FillAsync(1);
        var volume = what == "volume" ? pool.House.NewVolume() : "";
        var (_, isClaimed) = await pool.NewAsync(options => what switch
        {
            "volume" => options with { Volumes = [SandboxVolume.Parse($"{volume}:/data")] },
            "port" => options with { Ports = [8000] },
            "user" => options with { User = "1234:1234" },
            "folder" => options with { WorkingDirectory = "/usr" },
            "isolation" => options with { Isolation = IsolationLevel.Relaxed },
            "network" => options with { Network = NetworkPolicy.None },
            "memory" => options with { Limits = options.Limits with { Memory = 64 << 20 } },
            "host" => options with { DenyHosts = ["example.com"] },
            "end" => options with { OnTimeout = TimeoutAction.Suspend },
            _ => options with { NoPool = true },
        });

        Assert.False(isClaimed);
        Assert.Equal(1, (await pool.LookAsync()).Ready);
        Assert.Contains(pool.Observer.Messages, message => message.Contains("made anew", StringComparison.Ordinal) || message.StartsWith("None of the", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_owners_pool_is_not_touched()
    {
        await using var pool = await PoolHouse.OpenAsync();
        await using var other = await PoolHouse.OpenAsync();
        await pool.FillAsync(1);
        Assert.False((await other.NewAsync()).IsClaimed);
        Assert.Equal(1, (await pool.LookAsync()).Ready);
    }

    [Fact]
    public async Task A_dead_one_is_removed_and_another_taken()
    {
        await using var pool = await PoolHouse.OpenAsync();
        var filled = await pool.FillAsync(2);
        var dead = filled.Members[0].Sandbox;
        await pool.House.Client.Containers.KillAsync(dead.Id, "SIGKILL", Limits.Token);
        var (first, isFirstClaimed) = await pool.NewAsync();
        Assert.True(isFirstClaimed);
        Assert.Equal(filled.Members[1].Sandbox.Id, first.Id);
        Assert.False((await pool.NewAsync()).IsClaimed);
    }

    [Fact]
    public async Task One_that_does_not_answer_is_removed_and_the_sandbox_made_anew()
    {
        await using var pool = await PoolHouse.OpenAsync();
        var member = Assert.Single((await pool.FillAsync(1)).Members).Sandbox;
        await pool.House.Client.Containers.KillAsync(member.Id, "SIGSTOP", Limits.Token);
        var (sandbox, isClaimed) = await pool.NewAsync();
        Assert.False(isClaimed);
        Assert.Equal("1", await pool.House.ShellAsync(sandbox, "echo 1"));
        await Assert.ThrowsAsync<DockerException>(() => pool.House.Client.Containers.InspectAsync(member.Id, Limits.Token));
        await pool.House.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token);
        Assert.Empty(await pool.House.LeftoversAsync());
    }

    [Fact]
    public async Task One_whose_agent_was_claimed_past_the_engine_is_not_handed_out()
    {
        await using var pool = await PoolHouse.OpenAsync();
        var member = Assert.Single((await pool.FillAsync(1)).Members).Sandbox;

        // As if the volume with the claim had been removed, while the name was not given yet.
        var (used, _) = await pool.NewAsync();
        await pool.House.ShellAsync(used, "touch /tmp/used");
        await pool.House.Client.Containers.RenameAsync(used.Id, member.Name, Limits.Token);
        await pool.House.Client.Volumes.RemoveAsync($"flourisha-claim-{used.ShortId}", force: false, Limits.Token);

        var (sandbox, isClaimed) = await pool.NewAsync();
        Assert.False(isClaimed);
        Assert.NotEqual(used.Id, sandbox.Id);
        Assert.Contains(pool.Observer.Messages, message => message.Contains("is claimed already", StringComparison.Ordinal));
        await Assert.ThrowsAsync<DockerException>(() => pool.House.Client.Containers.InspectAsync(used.Id, Limits.Token));
    }

    [Fact]
    public async Task A_name_that_is_taken_costs_the_pool_nothing()
    {
        await using var pool = await PoolHouse.OpenAsync();
        var (taken, _) = await pool.NewAsync();
        await pool.FillAsync(1);
        await Failure.ExpectAsync(SandboxError.NameInUse, () => pool.NewAsync(options => options with { Name = taken.Name }));
        Assert.Equal(1, (await pool.LookAsync()).Ready);
    }

    [Fact]
    public async Task A_claim_that_was_broken_off_is_stale_and_can_be_removed()
    {
        await using var pool = await PoolHouse.OpenAsync();
        var (sandbox, isClaimed) = await Broken(pool);
        Assert.False(isClaimed);
        var stale = Assert.Single(await pool.House.Manager.Cleanup.FindSandboxesAsync(olderThan: null, allOwners: false, Limits.Token));
        Assert.NotEqual(sandbox.Id, stale.Sandbox!.Id);
        Assert.Equal(SandboxState.Created, stale.Sandbox!.State);
        await pool.House.Manager.RemoveAsync(stale.Sandbox!, OperationObserver.None, Limits.Token);
        await pool.House.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token);
        Assert.Empty(await pool.House.LeftoversAsync());
    }

    [Fact]
    public async Task A_sandbox_whose_claim_was_pruned_is_still_its_owners()
    {
        await using var pool = await PoolHouse.OpenAsync();
        await pool.FillAsync(1);
        var (sandbox, isClaimed) = await pool.NewAsync(options => options with { Metadata = new Dictionary<string, string> { ["a"] = "b" } });
        Assert.True(isClaimed);
        await pool.House.Client.Volumes.RemoveAsync($"flourisha-claim-{sandbox.ShortId}", force: false, Limits.Token);

        var found = await pool.House.AgainAsync(sandbox);
        Assert.Equal("b", found.Metadata["a"]);
        Assert.Equal(sandbox.CreatedAt, found.CreatedAt);
        Assert.Equal("b", Assert.Single(await pool.House.Manager.ListAsync(new SandboxFilter { Owner = pool.House.Settings.Owner }, Limits.Token)).Metadata["a"]);
        Assert.False((await pool.NewAsync()).IsClaimed);
    }

    [Fact]
    public async Task One_that_was_stopped_and_started_again_is_still_the_claimed_one()
    {
        await using var pool = await PoolHouse.OpenAsync();
        await pool.FillAsync(1);
        var (sandbox, isClaimed) = await pool.NewAsync(options => options with { Name = Engine.NewName(), Metadata = new Dictionary<string, string> { ["run"] = "42" }, Timeout = TimeSpan.FromMinutes(20) });
        Assert.True(isClaimed, string.Join('\n', pool.Observer.Messages));
        await pool.House.ShellAsync(sandbox, "echo kept > /var/tmp/file");
        var lifecycle = pool.House.Manager.Lifecycle;

        // Twice: as many times as somebody likes.
        for (var i = 0; i < 2; i++)
        {
            var stopped = await lifecycle.StopAsync(await pool.House.AgainAsync(sandbox), TimeSpan.FromSeconds(5), OperationObserver.None, Limits.Token);
            Assert.Equal((SandboxState.Stopped, sandbox.Name, "42"), (stopped.State, stopped.Name, stopped.Metadata["run"]));
            var started = await lifecycle.StartAsync(stopped, timeout: null, OperationObserver.None, Limits.Token);
            foreach (var one in (Sandbox[])[started, await pool.House.Manager.GetAsync(new SandboxReference(sandbox.Name), Limits.Token)])
            {
                Assert.Equal((sandbox.Id, sandbox.Name, sandbox.Owner, "42"), (one.Id, one.Name, one.Owner, one.Metadata["run"]));
                Assert.Equal((SandboxState.Running, true), (one.State, one.IsFromPool));
                Assert.InRange(one.Deadline!.Value - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(19), TimeSpan.FromMinutes(20));
            }

            Assert.Equal("kept", await pool.House.ShellAsync(started, "cat /var/tmp/file"));
        }

        // It is nobody else's, neither to claim nor to clear.
        Assert.Equal(0, (await pool.LookAsync()).Ready);
        Assert.False((await pool.NewAsync()).IsClaimed);
        Assert.Equal(0, await pool.Pools.ClearAsync(await pool.LookAsync(), pool.Observer, Limits.Token));
        Assert.Equal("kept", await pool.House.ShellAsync(sandbox, "cat /var/tmp/file"));
    }

    // The first of a claim's steps, and no more.
    private static async Task<(Sandbox Sandbox, bool IsClaimed)> Broken(PoolHouse pool)
    {
        var member = Assert.Single((await pool.FillAsync(1)).Members).Sandbox;
        await pool.House.Client.Volumes.CreateAsync(
            new VolumeCreateRequest
            {
                Name = $"flourisha-claim-{member.ShortId}",
                Labels = new()
                {
                    ["flourisha.sandbox"] = "claim",
                    ["flourisha.claim"] = "another",
                    ["flourisha.claim.container"] = member.Id,
                    ["flourisha.owner"] = member.Owner,
                    ["flourisha.created"] = DateTimeOffset.UtcNow.AddMinutes(-10).ToString("O"),
                },
            }, Limits.Token);
        return await pool.NewAsync();
    }
}
