using System.Diagnostics;
using FlourishaSandbox.Agents;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Agents;

/// <summary>What a sandbox's agent means for the sandbox: its deadline, its token, the ways there, and its start command.</summary>
[Trait("Category", Engine.Category)]
public sealed class AgentSandboxTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task A_sandbox_says_which_agent_it_has()
    {
        var (_, sandbox) = await shared.GetAsync();
        Assert.Equal(AgentBinary.Version, sandbox.AgentVersion);
    }

    [Fact]
    public async Task Without_an_agent_commands_and_files_go_through_the_engine_and_the_rest_says_so()
    {
        await using var house = await SandboxHouse.OpenAsync(hasAgents: false);
        var sandbox = await house.CreateAsync();

        Assert.Null(sandbox.AgentVersion);
        Assert.Equal("7", await house.ShellAsync(sandbox, "echo 7"));
        await Failure.ExpectAsync(SandboxError.AgentUnavailable, () => house.Manager.Processes.ListAsync(sandbox, includeEnded: true, Limits.Token));
        await Failure.ExpectAsync(SandboxError.AgentUnavailable, () => house.Manager.SetTimeoutAsync(sandbox, TimeSpan.FromMinutes(1), OperationObserver.None, Limits.Token));
        Assert.True((await house.Manager.MeasureAsync(sandbox, Limits.Token)).MemoryUsed > 0);
    }

    [Fact]
    public async Task At_its_deadline_a_sandbox_ends_by_itself_and_says_why()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { Timeout = TimeSpan.FromSeconds(1.5) });
        var error = await Failure.ExpectAsync(SandboxError.SandboxNotRunning, () => house.RunAsync(sandbox, "trap '' TERM; sleep 60"));
        Assert.Contains("deadline", error.Message, StringComparison.Ordinal);
        Assert.Equal(AgentExit.Deadline, await house.Client.Containers.WaitAsync(sandbox.Id, Limits.Token));
        Assert.Equal(SandboxState.Stopped, (await house.AgainAsync(sandbox)).State);
    }

    [Fact]
    public async Task A_deadline_can_be_moved_and_everybody_sees_it()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { Timeout = TimeSpan.FromSeconds(3) });

        var longer = await house.Manager.SetTimeoutAsync(sandbox, TimeSpan.FromHours(2), OperationObserver.None, Limits.Token);
        Assert.InRange(longer.Deadline!.Value - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(119), TimeSpan.FromMinutes(121));

        var listed = Assert.Single(await house.Manager.ListAsync(new SandboxFilter { Owner = house.Settings.Owner }, Limits.Token));
        Assert.InRange(listed.Deadline!.Value - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(119), TimeSpan.FromMinutes(121));
        await Task.Delay(TimeSpan.FromSeconds(3.5), Limits.Token);
        Assert.Empty(await house.Manager.Cleanup.FindSandboxesAsync(olderThan: null, allOwners: false, Limits.Token));
        Assert.Equal("alive", await house.ShellAsync(sandbox, "echo alive"));

        Assert.Null((await house.Manager.SetTimeoutAsync(sandbox, Timeout.InfiniteTimeSpan, OperationObserver.None, Limits.Token)).Deadline);
        await house.Manager.SetTimeoutAsync(sandbox, TimeSpan.FromSeconds(1), OperationObserver.None, Limits.Token);
        Assert.Equal(AgentExit.Deadline, await house.Client.Containers.WaitAsync(sandbox.Id, Limits.Token));
    }

    [Fact]
    public async Task Nothing_that_the_engine_tells_of_a_sandbox_is_its_token()
    {
        var (house, sandbox) = await shared.GetAsync();
        var address = await house.Manager.Hosts.GetAddressAsync(sandbox, 49983, OperationObserver.None, Limits.Token);
        Assert.Equal(64, address.Token!.Length);

        using var raw = new HttpClient(new SocketsHttpHandler { ConnectCallback = async (_, token) => await new FlourishaSandbox.Docker.Transport.DockerConnector(house.Client.Endpoint).ConnectAsync(token) });
        var everything = await raw.GetStringAsync(new Uri($"http://docker/v1.41/containers/{sandbox.Id}/json"), Limits.Token);
        Assert.DoesNotContain(address.Token, everything, StringComparison.Ordinal);
        Assert.Contains(AgentKey.HashOf(address.Token), everything, StringComparison.Ordinal);

        var inside = await house.ShellAsync(sandbox, "env; cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n'");
        Assert.DoesNotContain(address.Token, inside, StringComparison.Ordinal);
        Assert.NotEqual(0, (await house.RunAsync(sandbox, "cat /proc/1/environ")).ExitCode);
        Assert.NotEqual(0, (await house.RunAsync(sandbox, "cat /proc/1/mem /.flourisha/agent")).ExitCode);
    }

    [Fact]
    public async Task Whoever_may_use_the_engine_gets_the_token_from_the_agent()
    {
        var (house, sandbox) = await shared.GetAsync();
        using var folder = new TemporaryFolder();
        using var other = new DockerRuntime(new FlourishaSandbox.Docker.DockerClient(house.Client.Endpoint), Repository.Agents, new AgentKey(folder["agent.key"]));

        using var output = new CommandOutputBuffer();
        var exit = await other.RunAsync(sandbox, new CommandRequest { Command = "echo theirs" }, input: null, output, Limits.Token);
        Assert.Equal((0, "theirs\n"), (exit.ExitCode ?? -1, System.Text.Encoding.UTF8.GetString(output.Output.Span)));

        await using var archive = await other.ReadArchiveAsync(sandbox, "/etc/hostname", Limits.Token);
        Assert.True(await archive.ReadAtLeastAsync(new byte[512], 512, cancellationToken: Limits.Token) > 0);
    }

    [Fact]
    public async Task Nothing_inside_gets_the_token_by_asking_as_the_engine_would()
    {
        // The relay is there for everybody to execute; what it is told depends on who started it.
        var (house, sandbox) = await shared.GetAsync();
        var answer = await house.RunAsync(sandbox, "(printf 'GET /flourisha/token HTTP/1.1\\r\\nHost: agent\\r\\nConnection: close\\r\\n\\r\\n'; sleep 1) | setsid /.flourisha/agent relay");
        Assert.StartsWith("HTTP/1.1 403", answer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task By_relay_everything_works_too(bool isPublished)
    {
        // As for a sandbox without a network and an engine elsewhere, and as for an engine in a virtual machine.
        var (house, sandbox) = await shared.GetAsync();
        var address = sandbox.Agent! with { Gateway = null, Published = isPublished ? new System.Net.IPEndPoint(sandbox.Agent.Ip!, 49983) : null };
        var sameByOtherWay = Copy(sandbox, address);

        using var runtime = new DockerRuntime(new FlourishaSandbox.Docker.DockerClient(house.Client.Endpoint), Repository.Agents);
        Assert.Contains(isPublished ? "published port" : "relays", await runtime.DescribeAccessAsync(sameByOtherWay, user: null, Limits.Token), StringComparison.Ordinal);

        using var manager = new SandboxManager(runtime, house.Settings);
        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => manager.RunAsync(sameByOtherWay, new CommandRequest { Command = $"cat; echo {i}" }, new MemoryStream(new byte[100_000]), OperationObserver.None, Limits.Token)));
        Assert.All(results, (result, i) => Assert.Equal((100_002, $"{i}\n"), (result.OutputBytes.Length, result.Output[^2..])));

        var content = new byte[3 << 20];
        new Random(1).NextBytes(content);
        await manager.Files.WriteAsync(sameByOtherWay, $"/tmp/relay-{isPublished}", new MemoryStream(content), Limits.Token);
        await using var read = await manager.Files.OpenReadAsync(sameByOtherWay, $"/tmp/relay-{isPublished}", Limits.Token);
        using var copy = new MemoryStream();
        await read.CopyToAsync(copy, Limits.Token);
        Assert.True(copy.ToArray().AsSpan().SequenceEqual(content));
    }

    [Theory]
    [InlineData("another's")]
    [InlineData("nobody's")]
    [InlineData("127.0.0.1")]
    public async Task A_sandbox_is_found_where_it_is_by_now_and_not_where_it_was(string by)
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        var own = sandbox.Agent!.Ip!.GetAddressBytes();
        var old = by switch
        {
            "another's" => (await house.CreateAsync()).Agent!.Ip,
            "nobody's" => new System.Net.IPAddress([own[0], own[1], (byte)(own[2] ^ 0x40), own[3]]), // in its network, far from those that are in use
            _ => System.Net.IPAddress.Parse(by),
        };

        using var runtime = new DockerRuntime(new FlourishaSandbox.Docker.DockerClient(house.Client.Endpoint), Repository.Agents);
        using var manager = new SandboxManager(runtime, house.Settings);
        var asItWas = Copy(sandbox, sandbox.Agent! with { Ip = old });
        var result = await manager.RunAsync(asItWas, new CommandRequest { Command = "hostname" }, input: null, OperationObserver.None, Limits.Token);
        Assert.Equal(sandbox.Name, result.Output.Trim());
    }

    [Fact]
    public async Task A_sandbox_can_be_used_by_others_from_the_moment_that_it_runs()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        for (var i = 0; i < 5; i++)
        {
            // With other tools, which do not wait for the agent as Start-Sandbox does.
            await house.Client.Containers.KillAsync(sandbox.Id, "SIGKILL", Limits.Token);
            await house.Client.Containers.WaitAsync(sandbox.Id, Limits.Token);
            await house.Client.Containers.StartAsync(sandbox.Id, Limits.Token);
            Assert.Equal("here", await house.ShellAsync(sandbox, "echo here"));
        }
    }

    [Fact]
    public async Task What_the_image_runs_by_itself_runs_beside_the_agent()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var image = $"flourisha-test:{Guid.NewGuid():N}";
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["image"]);
        await File.WriteAllTextAsync(folder["image/Dockerfile"], $"FROM {house.Options.Image}\nENTRYPOINT [\"/bin/sh\", \"-c\"]\nCMD [\"echo serving; exec sleep 1000\"]\n", Limits.Token);
        house.Own(await house.Manager.Images.BuildAsync(folder["image"], image, template: null, noCache: false, OperationObserver.None, Limits.Token));

        var sandbox = await house.CreateAsync(options => options with { Image = image });
        var process = Assert.Single(await house.Manager.Processes.ListAsync(sandbox, includeEnded: true, Limits.Token));
        Assert.Equal(("start", "echo serving; exec sleep 1000", ProcessState.Running), (process.Tag, process.Command, process.State));

        using var output = new CommandOutputBuffer();
        for (var started = Stopwatch.GetTimestamp(); output.Output.Length == 0 && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5);)
            await house.Manager.Processes.ReceiveAsync(sandbox, new ProcessReference("start"), fromStart: true, follow: false, output, OperationObserver.None, Limits.Token);

        Assert.Equal("serving\n", System.Text.Encoding.UTF8.GetString(output.Output.Span));
    }

    [Fact]
    public async Task A_command_in_a_sandbox_that_is_removed_meanwhile_says_so()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        var running = house.RunAsync(sandbox, "sleep 60");
        await Task.Delay(300, Limits.Token);
        await house.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token);
        var error = await Assert.ThrowsAsync<SandboxException>(() => running);
        Assert.Contains(error.Error, (SandboxError[])[SandboxError.SandboxNotFound, SandboxError.SandboxNotRunning]);
    }

    private static Sandbox Copy(Sandbox sandbox, AgentAddress address) => new()
    {
        Id = sandbox.Id,
        Name = sandbox.Name,
        State = sandbox.State,
        Image = sandbox.Image,
        Owner = sandbox.Owner,
        CreatedAt = sandbox.CreatedAt,
        User = sandbox.User,
        WorkingDirectory = sandbox.WorkingDirectory,
        Engine = sandbox.Engine,
        Agent = address,
        AgentVersion = sandbox.AgentVersion,
    };
}
