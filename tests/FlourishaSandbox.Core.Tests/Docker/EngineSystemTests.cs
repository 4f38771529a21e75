using System.Collections.Concurrent;
using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Core.Tests.Docker;

/// <summary>Networks, volumes and the engine itself.</summary>
[Trait("Category", Engine.Category)]
public sealed class EngineSystemTests
{
    [Fact]
    public async Task The_engine_describes_itself()
    {
        var client = await Engine.ClientAsync();
        var ping = await client.System.PingAsync(Limits.Token);
        var version = await client.System.VersionAsync(Limits.Token);
        var info = await client.System.InfoAsync(Limits.Token);
        Assert.Equal(version.ApiVersion, ping.ApiVersion);
        Assert.Equal(version.Version, info.ServerVersion);
        Assert.Equal(version.Os, info.OSType);
        Assert.InRange(await client.GetApiVersionAsync(Limits.Token), new Version(1, 41), Version.Parse(version.ApiVersion));
        Assert.True(info is { NCPU: > 0, MemTotal: > 0, ID.Length: > 0, Driver.Length: > 0 });
        Assert.Contains(info.DefaultRuntime!, info.Runtimes!.Keys);
    }

    [Fact]
    public async Task A_network_is_created_connected_and_removed()
    {
        var client = await Engine.ClientAsync();
        await using var container = await TestContainer.StartAsync(request => request with { HostConfig = new HostConfig() });
        var name = Engine.NewName();
        var created = await client.Networks.CreateAsync(new NetworkCreateRequest
        {
            Name = name,
            Driver = "bridge",
            Internal = true,
            Labels = Engine.Labels,
            Options = new() { ["com.docker.network.bridge.enable_icc"] = "false" },
            IPAM = new Ipam { Config = [new IpamConfig { Subnet = "198.18.77.0/28" }] },
        }, Limits.Token);
        try
        {
            await client.Networks.ConnectAsync(name, container.Name, new EndpointSettings { Aliases = ["other"] }, Limits.Token);
            var network = await client.Networks.InspectAsync(name, Limits.Token);
            Assert.Equal((created.Id, name, "bridge", true, "198.18.77.0/28"), (network!.Id, network.Name, network.Driver, network.Internal, network.IPAM!.Config![0].Subnet));
            Assert.Equal("false", network.Options["com.docker.network.bridge.enable_icc"]);
            Assert.StartsWith("198.18.77.", network.Containers[container.Id].IPv4Address, StringComparison.Ordinal);
            var settings = (await client.Containers.InspectAsync(container.Id, Limits.Token)).NetworkSettings.Networks;
            Assert.StartsWith("198.18.77.", settings[name].IPAddress!, StringComparison.Ordinal);

            var duplicate = await Assert.ThrowsAsync<DockerException>(() => client.Networks.CreateAsync(new NetworkCreateRequest { Name = name, Labels = Engine.Labels }, Limits.Token));
            Assert.True(duplicate.IsConflict);
            await Assert.ThrowsAsync<DockerException>(() => client.Networks.RemoveAsync(name, Limits.Token));

            await client.Networks.DisconnectAsync(name, container.Id, force: false, Limits.Token);
            Assert.Empty((await client.Networks.InspectAsync(name, Limits.Token))!.Containers);
            Assert.Equal(name, Assert.Single(await client.Networks.ListAsync(new DockerFilters().Add("name", name).Add("label", "flourisha.sandbox=test"), Limits.Token)).Name);
        }
        finally
        {
            await client.Networks.DisconnectAsync(name, container.Id, force: true, CancellationToken.None).ContinueWith(_ => { }, TaskScheduler.Default);
            await client.Networks.RemoveAsync(name, CancellationToken.None);
        }
        Assert.Null(await client.Networks.InspectAsync(name, Limits.Token));
    }

    [Fact]
    public async Task A_volume_is_created_kept_and_removed()
    {
        var client = await Engine.ClientAsync();
        var name = Engine.NewName();
        var volume = await client.Volumes.CreateAsync(new VolumeCreateRequest { Name = name, Labels = Engine.Labels }, Limits.Token);
        try
        {
            Assert.Equal((name, "local", "test"), (volume.Name, volume.Driver, volume.Labels[Engine.Label.Key]));
            Assert.Equal(volume, await client.Volumes.CreateAsync(new VolumeCreateRequest { Name = name }, Limits.Token) with { Labels = volume.Labels });
            await using (var container = await TestContainer.StartAsync(request => request with
            {
                HostConfig = request.HostConfig! with { Mounts = [new Mount { Type = "volume", Source = name, Target = "/data", ReadOnly = true, VolumeOptions = new VolumeOptions { NoCopy = true } }] },
            }))
            {
                Assert.NotEqual(0, (await container.RunAsync("touch", "/data/x")).ExitCode);
                var mount = Assert.Single((await client.Containers.InspectAsync(container.Id, Limits.Token)).Mounts);
                Assert.Equal(("volume", name, "/data", false), (mount.Type, mount.Name, mount.Destination, mount.RW));
                Assert.True((await Assert.ThrowsAsync<DockerException>(() => client.Volumes.RemoveAsync(name, force: false, Limits.Token))).IsConflict);
            }
            Assert.Equal(name, Assert.Single(await client.Volumes.ListAsync(new DockerFilters().Add("name", name), Limits.Token)).Name);
        }
        finally
        {
            await client.Volumes.RemoveAsync(name, force: false, CancellationToken.None);
        }
        Assert.Null(await client.Volumes.InspectAsync(name, Limits.Token));
        await client.Volumes.RemoveAsync(name, force: true, Limits.Token);
        Assert.True((await Assert.ThrowsAsync<DockerException>(() => client.Volumes.RemoveAsync(name, force: false, Limits.Token))).IsNotFound);
    }

    [Fact]
    public async Task Events_tell_a_container_s_life_as_it_happens_and_afterwards()
    {
        var client = await Engine.ClientAsync();
        var key = "flourisha.test-" + Guid.NewGuid().ToString("N");
        var filters = new DockerFilters().Add("type", "container").Add("label", key);
        var before = DateTimeOffset.UtcNow.AddSeconds(-2);
        var seen = new ConcurrentQueue<EngineEvent>();
        var watching = WatchAsync();
        await using (var container = await TestContainer.StartAsync(request => request with { Labels = new(request.Labels!) { [key] = "x" } }))
        {
            await container.Client.Containers.KillAsync(container.Id, "KILL", Limits.Token);
            await container.Client.Containers.WaitAsync(container.Id, Limits.Token);
        }
        await watching;
        Assert.Equal(["create", "start", "die", "destroy"], seen.Select(happened => happened.Action).Where(action => action is not "kill"));
        Assert.All(seen, happened => Assert.Equal(("container", "x"), (happened.Type, happened.Actor.Attributes[key])));
        Assert.Equal("137", seen.Single(happened => happened.Action == "die").Actor.Attributes["exitCode"]);
        Assert.True(seen.All(happened => happened.Time >= before));

        async Task WatchAsync()
        {
            await foreach (var happened in client.System.EventsAsync(filters, before, until: null, Limits.Token))
            {
                seen.Enqueue(happened);
                if (happened.Action == "destroy")
                    break;
            }
        }
    }

    [Fact]
    public async Task An_enumeration_of_events_ends_when_it_is_cancelled()
    {
        var client = await Engine.ClientAsync();
        using var cancelling = new CancellationTokenSource();
        var enumerator = client.System.EventsAsync(new DockerFilters().Add("label", "flourisha.nothing"), since: null, until: null, cancelling.Token).GetAsyncEnumerator(Limits.Token);
        var next = enumerator.MoveNextAsync().AsTask();
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        await enumerator.DisposeAsync();
    }
}
