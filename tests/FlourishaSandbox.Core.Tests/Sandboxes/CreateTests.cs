using System.Globalization;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Sandboxes;

[Trait("Category", Engine.Category)]
public sealed class CreateTests
{
    [Fact]
    public async Task What_is_not_said_is_hardened_and_limited()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.Manager.CreateAsync(new SandboxOptions { Image = house.Options.Image, Ports = [8000] }, OperationObserver.None, Limits.Token);
        var container = await house.InspectAsync(sandbox);
        var host = container.HostConfig;

        Assert.Equal((2L << 30, 2L << 30), (host.Memory ?? 0, host.MemorySwap ?? 0));
        Assert.Equal(2.0, (double)host.CpuQuota!.Value / host.CpuPeriod!.Value);
        Assert.Equal(256 + 64, host.PidsLimit); // the agent's own, and a supervisor for each command
        Assert.Equal(["ALL"], host.CapDrop);
        Assert.True(host.CapAdd is null or []);
        Assert.Equal(["no-new-privileges"], host.SecurityOpt);
        Assert.False(host.Privileged ?? false);
        Assert.False(host.Init ?? false);
        Assert.True(host.Binds is null or []);
        Assert.Equal(("volume", "/.flourisha", true), Assert.Single(host.Mounts!) is var mount ? (mount.Type, mount.Target, mount.ReadOnly ?? false) : default);
        Assert.Equal("flourisha-shared", Assert.Single(container.NetworkSettings.Networks).Key);
        Assert.Equal("127.0.0.1", Assert.Single(host.PortBindings!["8000/tcp"]!).HostIp);
        Assert.Equal("127.0.0.1", Assert.Single(container.NetworkSettings.Ports["8000/tcp"]!).HostIp);

        var labels = container.Config.Labels;
        Assert.Equal(("sandbox", house.Settings.Owner, sandbox.Name), (labels["flourisha.sandbox"], labels["flourisha.owner"], labels["flourisha.name"]));
        Assert.Equal(TimeSpan.FromHours(1), DateTimeOffset.Parse(labels["flourisha.deadline"], CultureInfo.InvariantCulture) - DateTimeOffset.Parse(labels["flourisha.created"], CultureInfo.InvariantCulture));

        Assert.Equal((SandboxState.Running, house.Settings.Owner, null), (sandbox.State, sandbox.Owner, sandbox.Template));
        Assert.Equal(sandbox.CreatedAt + TimeSpan.FromHours(1), sandbox.Deadline);

        // And from the inside, where it counts.
        Assert.Equal("10000 0000000000000000 1", await house.ShellAsync(sandbox, "echo $(id -u) $(sed -n 's/^CapBnd:[[:space:]]*//p; s/^NoNewPrivs:[[:space:]]*//p' /proc/self/status)"));
        Assert.Equal("0000000000000000", await house.ShellAsync(sandbox, "sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status", user: "root"));
        Assert.NotEqual(0, (await house.RunAsync(sandbox, "touch /file || ls /root && false")).ExitCode);
    }

    [Fact]
    public async Task What_is_said_holds()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with
        {
            Name = Engine.NewName() + "_X.y",
            Limits = new ResourceLimits { Memory = 64 << 20, Cpus = 0.5, PidLimit = 50 },
            Environment = new Dictionary<string, string> { ["A"] = "b c=d\n'\"$X", ["EMPTY"] = "" },
            Metadata = new Dictionary<string, string> { ["task/id"] = "7", ["note"] = "a = b, \"c\"\n✓" },
            WorkingDirectory = "/made/for/it",
            User = "www-data",
            Ports = [9000, 80, 9000],
        });
        var container = await house.InspectAsync(sandbox);
        Assert.Equal((64L << 20, 64L << 20, 50_000L, 50L + 64), (container.HostConfig.Memory ?? 0, container.HostConfig.MemorySwap ?? 0, container.HostConfig.CpuQuota ?? 0, container.HostConfig.PidsLimit ?? 0));
        Assert.Equal(new ResourceLimits { Memory = 64 << 20, Cpus = 0.5, PidLimit = 50 }, sandbox.Limits);
        Assert.Equal("b c=d\n'\"$X|yes|33|/made/for/it", await house.ShellAsync(sandbox, "echo \"$A|${EMPTY+yes}|$(id -u)|$PWD\""));
        Assert.Equal(["7", "a = b, \"c\"\n✓"], [sandbox.Metadata["task/id"], sandbox.Metadata["note"]]);
        Assert.Equal([80, 9000], sandbox.Ports.Select(port => port.Port));
        Assert.All(sandbox.Ports, port => Assert.InRange(port.HostPort ?? 0, 1024, 65535));

        // Found again by what was noted, and as it was given.
        var found = await house.Manager.ListAsync(new SandboxFilter { Metadata = new Dictionary<string, string> { ["task/id"] = "7" }, Owner = house.Settings.Owner }, Limits.Token);
        Assert.Equal(sandbox.Id, Assert.Single(found).Id);
        Assert.Empty(await house.Manager.ListAsync(new SandboxFilter { Metadata = new Dictionary<string, string> { ["task/id"] = "8" }, Owner = house.Settings.Owner }, Limits.Token));
        foreach (var reference in new[] { sandbox.Name, sandbox.ShortId, sandbox.Id })
            Assert.Equal(sandbox.Id, (await house.Manager.GetAsync(new SandboxReference(reference), Limits.Token)).Id);
    }

    [Fact]
    public async Task A_name_of_each_kind_works()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var unique = Guid.NewGuid().ToString("N")[..10];
        foreach (var name in new[] { unique + new string('x', 53), unique + ".", unique + "-", unique + "_A", unique[..2] })
            Assert.Equal(name, await house.CreateAsync(options => options with { Name = name }) is var sandbox ? sandbox.Name : "");
    }

    [Fact]
    public async Task A_name_that_is_taken_is_said_so_and_its_holder_is_left_alone()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var first = await house.CreateAsync();
        var failure = await Failure.ExpectAsync(SandboxError.NameInUse, () => house.CreateAsync(options => options with { Name = first.Name }));
        Assert.Contains(first.Name, failure.Message, StringComparison.Ordinal);
        Assert.Equal("/" + first.Name, Assert.Single(await house.LeftoversAsync()));
        Assert.Equal("alive", await house.ShellAsync(first, "echo alive"));
    }

    [Theory]
    [InlineData("flourisha-test/no-such-image:1", SandboxError.ImageNotFound)]
    [InlineData("No Such Image", SandboxError.InvalidOption)]
    [InlineData("../containers/json", SandboxError.ImageNotFound)]
    public async Task An_image_that_is_not_to_be_had_is_said_so(string image, SandboxError error)
    {
        await using var house = await SandboxHouse.OpenAsync();
        var failure = await Failure.ExpectAsync(error, () => house.CreateAsync(options => options with { Image = image }));
        Assert.Contains($"'{image}'", failure.Message, StringComparison.Ordinal);
        Assert.Empty(await house.LeftoversAsync());
    }

    [Fact]
    public async Task A_wrong_option_is_refused_before_the_engine_hears_of_it()
    {
        await using var proxy = new EngineProxy();
        await using var house = await SandboxHouse.OpenAsync(endpoint: proxy.Address);
        await Failure.ExpectAsync(SandboxError.InvalidOption, () => house.CreateAsync(options => options with { Ports = [0] }));
        Assert.Empty(proxy.Requests);
    }

    [Fact]
    public async Task Volumes_are_read_only_unless_it_is_said_otherwise()
    {
        await using var house = await SandboxHouse.OpenAsync();
        using var folder = new TemporaryFolder();
        folder.Write("host file", "from the host");
        var volume = house.NewVolume();
        var writer = await house.CreateAsync(options => options with { Volumes = [SandboxVolume.Parse(volume + ":/data:rw")], User = "root" });
        var reader = await house.CreateAsync(options => options with { Volumes = [SandboxVolume.Parse(volume + ":/data"), SandboxVolume.Parse($"host:{folder.Path}:/host")], User = "root" });

        Assert.Equal("", await house.ShellAsync(writer, "echo shared > /data/file"));
        Assert.Equal("shared", await house.ShellAsync(reader, "cat /data/file"));
        Assert.Contains("Read-only", (await house.RunAsync(reader, "echo x > /data/file")).Error, StringComparison.Ordinal);
        Assert.Equal("from the host", await house.ShellAsync(reader, "cat '/host/host file'"));
        Assert.Contains("Read-only", (await house.RunAsync(reader, "touch /host/new")).Error, StringComparison.Ordinal);

        // A named volume is what is meant to stay, and bears our label.
        await house.Manager.RemoveAsync(writer, OperationObserver.None, Limits.Token);
        Assert.Equal("volume", (await house.Client.Volumes.InspectAsync(volume, Limits.Token))!.Labels["flourisha.sandbox"]);
    }

    [Fact]
    public async Task A_host_folder_that_does_not_exist_is_not_made_by_a_slip()
    {
        await using var house = await SandboxHouse.OpenAsync();
        using var folder = new TemporaryFolder();
        var failure = await Failure.ExpectAsync(SandboxError.EngineFailed, () => house.CreateAsync(options => options with { Volumes = [SandboxVolume.Parse($"host:{folder["nosuch"]}:/host")] }));
        Assert.Contains(folder["nosuch"], failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["nosuch"]));
        Assert.Empty(await house.LeftoversAsync());
    }

    [Fact]
    public async Task A_published_port_is_reached_by_its_address_and_by_nobody_else()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { Ports = [8080] });
        const string Server = "perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalAddr => q{0.0.0.0}, LocalPort => 8080, Listen => 9, ReuseAddr => 1) or die; while ($c = $s->accept) { $c->recv($r, 4096); print $c qq{HTTP/1.0 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello}; close $c }'";
        await house.Manager.StartAsync(sandbox, new CommandRequest { Command = Server }, OperationObserver.None, Limits.Token);
        var address = await house.Manager.Hosts.WaitAsync(house.Manager.Hosts.GetAddress(sandbox, 8080), "/", TimeSpan.FromSeconds(30), OperationObserver.None, Limits.Token);
        Assert.Equal(("127.0.0.1", true, false), (address.Url.Host, address.Ready, address.Public));
        using var http = new HttpClient();
        Assert.Equal("hello", await http.GetStringAsync(address.Url, Limits.Token));

        // Another sandbox shares the network, and reaches neither the port nor the address.
        var other = await house.CreateAsync();
        var ip = (await house.InspectAsync(sandbox)).NetworkSettings.Networks["flourisha-shared"].IPAddress;
        Assert.Matches(@"\A[0-9.]+\z", ip);
        Assert.NotEqual(0, (await house.RunAsync(other, new CommandRequest { Command = "bash", Arguments = ["-c", $"timeout 3 bash -c 'echo > /dev/tcp/{ip}/8080'"] })).ExitCode);
        Assert.Equal(0, (await house.RunAsync(sandbox, new CommandRequest { Command = "bash", Arguments = ["-c", $"timeout 3 bash -c 'echo > /dev/tcp/{ip}/8080'"] })).ExitCode);
    }

    [Fact]
    public async Task A_sandbox_ends_at_its_deadline_by_itself_and_is_stale_then()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { Timeout = TimeSpan.FromSeconds(2) });
        var running = house.RunAsync(sandbox, "sleep 1000");
        Assert.Empty(await house.Manager.Cleanup.FindSandboxesAsync(olderThan: null, allOwners: false, Limits.Token));
        var now = await house.AgainAsync(sandbox);
        for (var i = 0; i < 200 && now.State == SandboxState.Running; i++)
        {
            await Task.Delay(100, Limits.Token);
            now = await house.AgainAsync(sandbox);
        }

        Assert.Equal(SandboxState.Stopped, now.State);
        await Failure.ExpectAsync(SandboxError.SandboxNotRunning, () => running); // it was killed with its sandbox, and does not hang
        var stale = Assert.Single(await house.Manager.Cleanup.FindSandboxesAsync(olderThan: null, allOwners: false, Limits.Token));
        Assert.Contains("deadline", stale.Reason, StringComparison.Ordinal);
        Assert.Equal(sandbox.Id, Assert.Single(await house.Manager.ListAsync(new SandboxFilter { Stale = true, Owner = house.Settings.Owner }, Limits.Token)).Id);
        await Failure.ExpectAsync(SandboxError.SandboxNotRunning, () => house.RunAsync(sandbox, "true"));
        Failure.Expect(SandboxError.SandboxNotRunning, () => house.Manager.Hosts.GetAddress(now, null));
    }

    [Fact]
    public async Task Unlimited_is_no_deadline()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { Timeout = Timeout.InfiniteTimeSpan });
        Assert.Null(sandbox.Deadline);
        Assert.Equal(SandboxState.Running, (await house.AgainAsync(sandbox)).State);
        Assert.Empty(await house.Manager.Cleanup.FindSandboxesAsync(olderThan: null, allOwners: false, Limits.Token));
        Assert.Single(await house.Manager.Cleanup.FindSandboxesAsync(TimeSpan.Zero, allOwners: false, Limits.Token));
    }

    [Fact]
    public async Task Removing_twice_is_no_error_and_what_is_gone_is_not_found()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => house.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token)));
        await house.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token);
        Assert.Empty(await house.LeftoversAsync());
        await Failure.ExpectAsync(SandboxError.SandboxNotFound, () => house.AgainAsync(sandbox));
        await Failure.ExpectAsync(SandboxError.SandboxNotFound, () => house.RunAsync(sandbox, "true"));
        await Failure.ExpectAsync(SandboxError.SandboxNotFound, () => house.Manager.Files.ListAsync(sandbox, "/", recurse: false, Limits.Token));
    }

    [Fact]
    public async Task Ten_at_once_are_made_listed_and_removed()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var volume = house.NewVolume();
        var sandboxes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => house.CreateAsync(options => options with { Volumes = [SandboxVolume.Parse(volume + ":/data")] })));
        Assert.Equal(10, sandboxes.Select(sandbox => sandbox.Name).Distinct().Count());
        var listed = await house.Manager.ListAsync(new SandboxFilter { Owner = house.Settings.Owner }, Limits.Token);
        Assert.Equal(sandboxes.Select(sandbox => sandbox.Id).Order(), listed.Select(sandbox => sandbox.Id).Order());
        Assert.Equal(listed.OrderBy(sandbox => sandbox.CreatedAt), listed);

        var removing = Task.WhenAll(sandboxes.Select(sandbox => house.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token)));
        while (!removing.IsCompleted)
            await house.Manager.ListAsync(new SandboxFilter(), Limits.Token); // must not stumble over what goes away meanwhile
        await removing;
        Assert.Equal([volume], await house.LeftoversAsync());
    }

    [Fact]
    public async Task Containers_that_are_no_sandboxes_are_not_ours_to_touch()
    {
        await using var house = await SandboxHouse.OpenAsync();
        await using var container = await TestContainer.StartAsync();
        Assert.DoesNotContain(container.Id, (await house.Manager.ListAsync(new SandboxFilter(), Limits.Token)).Select(sandbox => sandbox.Id));
        await Failure.ExpectAsync(SandboxError.SandboxNotFound, () => house.Manager.GetAsync(new SandboxReference(container.Name), Limits.Token));
        await Failure.ExpectAsync(SandboxError.SandboxNotFound, () => house.Manager.GetAsync(new SandboxReference(container.Id), Limits.Token));
    }
}
