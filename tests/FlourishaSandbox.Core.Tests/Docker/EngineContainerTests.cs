using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Core.Tests.Docker;

[Trait("Category", Engine.Category)]
public sealed class EngineContainerTests
{
    [Fact]
    public async Task A_container_lives_from_creation_to_removal()
    {
        await using var container = await TestContainer.CreateAsync(request => request with { Env = ["GREETING=hällo"], Hostname = "thehost", WorkingDir = "/tmp", User = "65534:65534" });
        var containers = container.Client.Containers;
        Assert.Equal("created", (await containers.InspectAsync(container.Name, Limits.Token)).State.Status);

        await containers.StartAsync(container.Id, Limits.Token);
        await containers.StartAsync(container.Id, Limits.Token);
        var running = await containers.InspectAsync(container.Id, Limits.Token);
        Assert.True(running.State is { Running: true, Paused: false, Status: "running", Pid: > 0 });
        Assert.Equal(("/" + container.Name, "/tmp", "65534:65534"), (running.Name, running.Config.WorkingDir, running.Config.User));
        Assert.Contains("GREETING=hällo", running.Config.Env);
        Assert.InRange(running.State.StartedAt - running.Created, TimeSpan.Zero, TimeSpan.FromMinutes(2));
        Assert.Equal("thehost hällo /tmp 65534\n", await container.ReadAsync("sh", "-c", "echo $(cat /etc/hostname) $GREETING $PWD $(id -u)"));

        await containers.PauseAsync(container.Id, Limits.Token);
        Assert.True((await containers.InspectAsync(container.Id, Limits.Token)).State is { Paused: true, Running: true });
        await containers.UnpauseAsync(container.Id, Limits.Token);

        await containers.RenameAsync(container.Id, container.Name + "-b", Limits.Token);
        Assert.Equal($"/{container.Name}-b", (await containers.InspectAsync(container.Id, Limits.Token)).Name);

        var waiting = containers.WaitAsync(container.Id, Limits.Token);
        await containers.KillAsync(container.Id, "SIGKILL", Limits.Token);
        Assert.Equal(137, await waiting);
        Assert.Equal((137, "exited"), (await containers.InspectAsync(container.Id, Limits.Token)).State is var state ? (state.ExitCode, state.Status) : default);
        await containers.StopAsync(container.Id, TimeSpan.Zero, Limits.Token);

        await containers.RemoveAsync(container.Id, force: false, removeVolumes: true, Limits.Token);
        Assert.True((await Assert.ThrowsAsync<DockerException>(() => containers.InspectAsync(container.Id, Limits.Token))).IsNotFound);
    }

    [Fact]
    public async Task Limits_and_hardening_reach_the_engine_and_come_back()
    {
        await using var container = await TestContainer.StartAsync(request => request with
        {
            HostConfig = request.HostConfig! with
            {
                Memory = 256L << 20,
                MemorySwap = 256L << 20,
                NanoCpus = 500_000_000,
                PidsLimit = 64,
                CapDrop = ["ALL"],
                SecurityOpt = ["no-new-privileges"],
                ReadonlyRootfs = true,
                ShmSize = 32L << 20,
                Tmpfs = new() { ["/scratch"] = "size=8m,mode=1777" },
                Ulimits = [new Ulimit { Name = "nofile", Soft = 1000, Hard = 2000 }],
                Mounts = [new Mount { Type = "tmpfs", Target = "/scratch2", TmpfsOptions = new TmpfsOptions { SizeBytes = 4 << 20 } }],
                ExtraHosts = ["elsewhere:192.0.2.7"],
            },
        });
        var host = (await container.Client.Containers.InspectAsync(container.Id, Limits.Token)).HostConfig;
        Assert.Equal((256L << 20, 500_000_000, 64, true, 32L << 20), (host.Memory, host.NanoCpus, host.PidsLimit, host.ReadonlyRootfs, host.ShmSize));
        Assert.Equal(["ALL"], host.CapDrop);
        Assert.Equal("0000000000000000\n", await container.ReadAsync("sh", "-c", "sed -n 's/^CapEff:\\s*//p' /proc/self/status"));
        // Of process 1: some versions of runc raise the soft limit for commands.
        Assert.Matches(@"Max open files\s+1000\s+2000\s", await container.ReadAsync("cat", "/proc/1/limits"));
        Assert.NotEqual(0, (await container.RunAsync("touch", "/x")).ExitCode);
        Assert.Equal(0, (await container.RunAsync("touch", "/scratch/x", "/scratch2/x")).ExitCode);
        Assert.Contains("192.0.2.7", await container.ReadAsync("cat", "/etc/hosts"), StringComparison.Ordinal);

        await container.Client.Containers.UpdateAsync(container.Id, new ContainerUpdateRequest { Memory = 128L << 20, MemorySwap = 128L << 20, PidsLimit = 32 }, Limits.Token);
        host = (await container.Client.Containers.InspectAsync(container.Id, Limits.Token)).HostConfig;
        Assert.Equal((128L << 20, 32), (host.Memory, host.PidsLimit));
    }

    [Fact]
    public async Task A_list_is_restricted_by_label_and_state()
    {
        var key = "flourisha.test-" + Guid.NewGuid().ToString("N");
        await using var running = await TestContainer.StartAsync(request => request with { Labels = new(request.Labels!) { [key] = "a b=c\"" } });
        await using var created = await TestContainer.CreateAsync(request => request with { Labels = new(request.Labels!) { [key] = "other" } });
        var containers = running.Client.Containers;

        var one = Assert.Single(await containers.ListAsync(all: false, new DockerFilters().Add("label", key), Limits.Token));
        Assert.Equal((running.Id, "running", "a b=c\""), (one.Id, one.State, one.Labels[key]));
        Assert.Equal(["/" + running.Name], one.Names);
        Assert.InRange(DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeSeconds(one.Created), TimeSpan.FromSeconds(-5), TimeSpan.FromMinutes(5));
        Assert.Equal(2, (await containers.ListAsync(all: true, new DockerFilters().Add("label", key), Limits.Token)).Count);
        Assert.Equal(created.Id, Assert.Single(await containers.ListAsync(all: true, new DockerFilters().Add("label", key).Add("status", "created"), Limits.Token)).Id);
        Assert.Equal(running.Id, Assert.Single(await containers.ListAsync(all: true, new DockerFilters().Add("label", key + "=a b=c\""), Limits.Token)).Id);
        Assert.Empty(await containers.ListAsync(all: true, new DockerFilters().Add("label", key + "=none"), Limits.Token));
    }

    [Fact]
    public async Task A_published_port_is_reported_with_its_host_address()
    {
        await using var container = await TestContainer.StartAsync(request => request with
        {
            ExposedPorts = new() { ["8080/tcp"] = new() },
            HostConfig = new HostConfig { PortBindings = new() { ["8080/tcp"] = [new PortBinding { HostIp = "127.0.0.1", HostPort = "" }] } },
        });
        var settings = (await container.Client.Containers.InspectAsync(container.Id, Limits.Token)).NetworkSettings;
        var binding = Assert.Single(settings.Ports["8080/tcp"]!);
        Assert.Equal("127.0.0.1", binding.HostIp);
        Assert.NotEmpty(settings.Networks["bridge"].IPAddress!);
        var listed = Assert.Single(await container.Client.Containers.ListAsync(all: false, new DockerFilters().Add("id", container.Id), Limits.Token));
        Assert.Equal(("127.0.0.1", 8080, int.Parse(binding.HostPort!, System.Globalization.CultureInfo.InvariantCulture), "tcp"),
            Assert.Single(listed.Ports) is var port ? (port.IP, port.PrivatePort, port.PublicPort ?? 0, port.Type) : default);
    }

    [Fact]
    public async Task A_name_in_use_is_a_conflict_and_an_image_that_is_not_there_is_not_found()
    {
        await using var container = await TestContainer.CreateAsync();
        var request = await Engine.IdleRequestAsync();
        var conflict = await Assert.ThrowsAsync<DockerException>(() => container.Client.Containers.CreateAsync(request, container.Name, Limits.Token));
        Assert.True(conflict.IsConflict);
        Assert.Contains(container.Name, conflict.Message, StringComparison.Ordinal);
        var missing = await Assert.ThrowsAsync<DockerException>(() =>
            container.Client.Containers.CreateAsync(request with { Image = "flourisha-test-no-such-image:1" }, null, Limits.Token));
        Assert.True(missing.IsNotFound);
        Assert.Contains("flourisha-test-no-such-image:1", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flourisha-test-nothing")]
    [InlineData("a/../b?x=1")]
    [InlineData("../../version")]
    [InlineData("ä ö#&%")]
    public async Task A_name_that_nothing_has_is_not_found_whatever_it_looks_like(string name)
    {
        var client = await Engine.ClientAsync();
        Assert.True((await Assert.ThrowsAsync<DockerException>(() => client.Containers.InspectAsync(name, Limits.Token))).IsNotFound);
        Assert.True((await Assert.ThrowsAsync<DockerException>(() => client.Containers.RemoveAsync(name, force: true, removeVolumes: false, Limits.Token))).IsNotFound);
        Assert.Null(await client.Images.InspectAsync("flourisha-test-nothing", Limits.Token));
    }

    [Fact]
    public async Task A_log_keeps_its_streams_apart_and_can_be_followed_to_the_end()
    {
        await using var container = await TestContainer.CreateAsync(request => request with { Cmd = ["sh", "-c", "for i in 1 2 3; do echo out$i; echo err$i >&2; done; sleep 0.3; echo last"] });
        await container.Client.Containers.StartAsync(container.Id, Limits.Token);
        var (output, error) = await LogAsync(new LogsRequest { Follow = true });
        Assert.Equal(("out1\nout2\nout3\nlast\n", "err1\nerr2\nerr3\n"), (output, error));
        Assert.Equal(("last\n", ""), await LogAsync(new LogsRequest { Tail = 1 }));
        Assert.Equal(("", "err1\nerr2\nerr3\n"), await LogAsync(new LogsRequest { Stdout = false }));
        Assert.Equal(("", ""), await LogAsync(new LogsRequest { Since = DateTimeOffset.UtcNow.AddMinutes(1) }));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\S+ out1\n", (await LogAsync(new LogsRequest { Timestamps = true })).Output);

        async Task<(string Output, string Error)> LogAsync(LogsRequest request)
        {
            await using var stream = await container.Client.Containers.LogsAsync(container.Id, request, Limits.Token);
            var text = new Dictionary<StreamKind, string> { [StreamKind.Output] = "", [StreamKind.Error] = "" };
            var buffer = new byte[4096];
            while (await stream.ReadAsync(buffer, Limits.Token) is { Count: > 0 } chunk)
                text[chunk.Kind] += System.Text.Encoding.UTF8.GetString(buffer, 0, chunk.Count);
            return (text[StreamKind.Output], text[StreamKind.Error]);
        }
    }

    [Fact]
    public async Task A_terminal_s_log_has_no_frames()
    {
        await using var container = await TestContainer.CreateAsync(request => request with { Tty = true, Cmd = ["echo", "hello"] });
        await container.Client.Containers.StartAsync(container.Id, Limits.Token);
        await container.Client.Containers.WaitAsync(container.Id, Limits.Token);
        await using var stream = await container.Client.Containers.LogsAsync(container.Id, new LogsRequest(), Limits.Token);
        var buffer = new byte[100];
        var chunk = await stream.ReadAsync(buffer, Limits.Token);
        Assert.Equal("hello\r\n", System.Text.Encoding.UTF8.GetString(buffer, 0, chunk.Count));
    }

    [Fact]
    public async Task Statistics_show_what_a_container_uses()
    {
        await using var container = await TestContainer.StartAsync(request => request with
        {
            Cmd = ["sh", "-c", "while :; do :; done"],
            HostConfig = request.HostConfig! with { Memory = 64L << 20, PidsLimit = 50, NanoCpus = 500_000_000 },
        });
        var seen = new List<ContainerStats>();
        await foreach (var stats in container.Client.Containers.StatsAsync(container.Id, stream: true, Limits.Token))
        {
            seen.Add(stats);
            if (seen.Count == 3)
                break;
        }
        var last = seen[^1];
        Assert.InRange(last.CpuPercent, 5, 100);
        Assert.InRange(last.MemoryBytes, 1, 64L << 20);
        Assert.Equal(64UL << 20, last.Memory.Limit);
        Assert.Equal(50UL, last.Pids.Limit);
        Assert.InRange((int)last.Pids.Current, 2, 50);
        Assert.Single(await container.Client.Containers.StatsAsync(container.Id, stream: false, Limits.Token).ToListAsync(Limits.Token));
    }

    [Fact]
    public async Task Top_lists_the_processes()
    {
        await using var container = await TestContainer.StartAsync();
        var processes = await container.Client.Containers.TopAsync(container.Id, "-eo pid,args", Limits.Token);
        Assert.Equal(["PID", "COMMAND"], processes.Titles);

        // A container that has just started may still be runc, about to become the program.
        while (!processes.Processes.Any(row => row[1].Contains("sleep infinity", StringComparison.Ordinal)))
        {
            await Task.Delay(50, Limits.Token);
            processes = await container.Client.Containers.TopAsync(container.Id, "-eo pid,args", Limits.Token);
        }
    }
}
