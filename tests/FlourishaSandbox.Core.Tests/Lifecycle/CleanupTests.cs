using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;
using FlourishaSandbox.Sessions;

namespace FlourishaSandbox.Core.Tests.Lifecycle;

/// <summary>What Clear-StaleSandbox finds, takes and spares, on the real engine.</summary>
[Trait("Category", Engine.Category)]
public sealed class CleanupTests
{
    [Fact]
    public async Task What_a_dead_process_half_made_goes_at_once_with_the_volumes_that_came_with_it()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var (name, volume) = (Engine.NewName(), house.NewVolume());
        var creation = Guid.NewGuid().ToString("N");
        await MakeAsync(house, name, creation, SessionTests.Dead, volume);
        await MakeAsync(house, name + "-alive", Guid.NewGuid().ToString("N"), SessionRecords.Maker, volume: null);

        var stale = Assert.Single(await house.Manager.Cleanup.FindSandboxesAsync(olderThan: null, allOwners: false, Limits.Token));
        Assert.Equal((name, "the process that was making it is gone"), (stale.Name, stale.Reason));
        Assert.True((await RemoveAsync(house, stale)).Removed);
        Assert.Equal([$"/{name}-alive"], await house.LeftoversAsync());
    }

    [Fact]
    public async Task What_served_a_sandbox_that_is_gone_goes_and_what_serves_one_stays()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        var (orphan, serving) = (Engine.NewName(), Engine.NewName());
        await NetworkAsync(house, orphan, "no-such-creation", SessionTests.Dead);
        await NetworkAsync(house, serving, sandbox.Agent!.Creation, SessionTests.Dead);
        try
        {
            var stale = (await house.Manager.Cleanup.FindAsync(olderThan: null, allOwners: false, Limits.Token)).Where(item => item.Name == orphan || item.Name == serving).ToList();
            Assert.Equal([(StaleKind.Network, orphan, "its sandbox is gone")], stale.Select(item => (item.Kind, item.Name, item.Reason)));
            Assert.True((await RemoveAsync(house, stale[0])).Removed);
            Assert.Null(await house.Client.Networks.InspectAsync(orphan, Limits.Token));

            // Gone already is gone.
            Assert.True((await RemoveAsync(house, stale[0])).Removed);
        }
        finally
        {
            await house.Client.Networks.RemoveAsync(serving, CancellationToken.None);
        }
    }

    [Fact]
    public async Task What_is_made_just_now_by_a_process_that_nobody_can_ask_about_is_left_alone()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var network = Engine.NewName();
        await NetworkAsync(house, network, "no-such-creation", SessionTests.Dead with { Process = (ProcessIdentity.Current with { Machine = "0123456789ab" }).ToString() });
        Assert.DoesNotContain(await house.Manager.Cleanup.FindAsync(olderThan: null, allOwners: true, Limits.Token), item => item.Name == network);
        await house.Client.Networks.RemoveAsync(network, Limits.Token);
    }

    [Fact]
    public async Task One_that_was_prolonged_after_it_was_found_is_spared()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { Timeout = TimeSpan.FromSeconds(5) });
        var found = new StaleItem { Kind = StaleKind.Sandbox, Name = sandbox.Name, Id = sandbox.Id, Reason = "its deadline passed 1 s ago", Sandbox = sandbox };
        await house.Manager.SetTimeoutAsync(sandbox, TimeSpan.FromHours(1), OperationObserver.None, Limits.Token);
        await Task.Delay(TimeSpan.FromSeconds(6), Limits.Token);
        var spared = await RemoveAsync(house, found);
        Assert.Equal((false, true), (spared.Removed, spared.IsInUse));
        Assert.Equal("alive", await house.ShellAsync(sandbox, "echo alive"));
    }

    [Fact]
    public async Task A_suspended_one_goes_at_its_deadline_and_not_where_it_was_prolonged_before()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var over = await house.CreateAsync(options => options with { Timeout = TimeSpan.FromSeconds(6) });
        var prolonged = await house.CreateAsync(options => options with { Timeout = TimeSpan.FromSeconds(6) });
        await house.Manager.SetTimeoutAsync(prolonged, TimeSpan.FromHours(1), OperationObserver.None, Limits.Token);
        foreach (var sandbox in new[] { over, prolonged })
            await house.Manager.Lifecycle.SuspendAsync(sandbox, OperationObserver.None, Limits.Token);

        await Task.Delay(TimeSpan.FromSeconds(7), Limits.Token);
        var stale = await house.Manager.Cleanup.FindSandboxesAsync(olderThan: null, allOwners: false, Limits.Token);
        Assert.Equal(2, stale.Count); // the engine's label is all that can be seen without waking them
        var results = new List<StaleItem>();
        foreach (var item in stale)
            results.Add(await RemoveAsync(house, item));

        Assert.Equal([(over.Name, true), (prolonged.Name, false)], results.Select(item => (item.Name, item.Removed)));
        Assert.Equal(SandboxState.Suspended, (await house.AgainAsync(prolonged)).State);
    }

    [Fact]
    public async Task A_sandbox_that_was_stopped_by_hand_stays_until_its_deadline()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        await house.Manager.Lifecycle.StopAsync(sandbox, TimeSpan.Zero, OperationObserver.None, Limits.Token);
        Assert.Empty(await house.Manager.Cleanup.FindSandboxesAsync(olderThan: null, allOwners: false, Limits.Token));
    }

    private static Task<StaleItem> RemoveAsync(SandboxHouse house, StaleItem item) =>
        house.Manager.Cleanup.RemoveAsync(item, olderThan: null, force: false, OperationObserver.None, Limits.Token);

    private static async Task MakeAsync(SandboxHouse house, string name, string creation, SandboxMaker maker, string? volume)
    {
        var request = await Engine.IdleRequestAsync();
        var labels = Labels(house, SandboxLabels.SandboxKind, creation, maker);
        labels[SandboxLabels.Agent] = "1.0.0";
        Mount[] mounts = volume is null ? [] : [new Mount { Type = "volume", Source = volume, Target = "/data", VolumeOptions = new VolumeOptions { Labels = new() { [SandboxLabels.Kind] = SandboxLabels.VolumeKind, [SandboxLabels.Creation] = creation } } }];
        await house.Client.Containers.CreateAsync(request with { Labels = labels, HostConfig = request.HostConfig! with { Mounts = [.. mounts] } }, name, Limits.Token);
    }

    private static Task<NetworkCreated> NetworkAsync(SandboxHouse house, string name, string creation, SandboxMaker maker) =>
        house.Client.Networks.CreateAsync(new NetworkCreateRequest { Name = name, Labels = Labels(house, SandboxLabels.NetworkKind, creation, maker), IPAM = new Ipam { Config = [new IpamConfig { Subnet = $"10.{Random.Shared.Next(100, 250)}.{Random.Shared.Next(0, 255)}.0/29" }] } }, Limits.Token);

    private static Dictionary<string, string> Labels(SandboxHouse house, string kind, string creation, SandboxMaker maker) => new()
    {
        [SandboxLabels.Kind] = kind, [SandboxLabels.Creation] = creation, [SandboxLabels.Owner] = house.Settings.Owner, [SandboxLabels.Created] = SandboxLabels.Write(DateTimeOffset.UtcNow),
        [SandboxLabels.Session] = maker.Session, [SandboxLabels.Process] = maker.Process,
    };
}
