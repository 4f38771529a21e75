using System.Diagnostics;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Core.Tests.Commands;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Core.Tests.Files;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Runtimes;

/// <summary>The daemon goes away in the middle of something.</summary>
[Trait("Category", Engine.Category)]
public sealed class LostEngineTests
{
    private const string Exec = "POST /exec/[^/]+/start";

    // A frame of the engine has a header of 8 bytes, so that these cut the answer's head, a frame's head, its content, and between two.
    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(220)]
    [InlineData(5_000)]
    [InlineData(100_000)]
    public async Task A_command_whose_connection_is_cut_fails_clearly_and_is_dead(int bytes)
    {
        await using var proxy = new EngineProxy();
        await using var house = await SandboxHouse.OpenAsync(endpoint: proxy.Address, hasAgents: false);
        var sandbox = await house.CreateAsync();
        proxy.Next(Exec, request => request.PassAsync(answerLimit: bytes));
        var started = Stopwatch.GetTimestamp();
        var failure = await Failure.ExpectAsync(SandboxError.EngineUnreachable, () => house.RunAsync(sandbox, "setsid sleep 3141 & seq 1 20000; sleep 3142"));
        Assert.NotNull(failure.Remedy);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 30);
        Assert.Equal(0, await CommandTests.CountAsync(house, sandbox, "sleep 314"));
    }

    [Fact]
    public async Task A_command_is_dead_once_the_engine_is_back()
    {
        await using var proxy = new EngineProxy();
        await using var house = await SandboxHouse.OpenAsync(endpoint: proxy.Address, hasAgents: false);
        var sandbox = await house.CreateAsync();
        proxy.Next(Exec, async request =>
        {
            await request.PassAsync(answerLimit: 300);
            proxy.IsDown = true;
        });
        var running = house.RunAsync(sandbox, "seq 1 1000; sleep 3143");
        await Task.Delay(1500, Limits.Token);
        proxy.IsDown = false;
        await Failure.ExpectAsync(SandboxError.EngineUnreachable, () => running);
        Assert.Equal(0, await CommandTests.CountAsync(house, sandbox, "sleep 3143"));
    }

    [Fact]
    public async Task Where_the_engine_stays_away_the_command_is_said_to_run_perhaps()
    {
        await using var proxy = new EngineProxy();
        await using var house = await SandboxHouse.OpenAsync(endpoint: proxy.Address, hasAgents: false);
        var sandbox = await house.CreateAsync();
        proxy.Next(Exec, async request =>
        {
            proxy.IsDown = true;
            await request.PassAsync(answerLimit: 300);
        });
        var started = Stopwatch.GetTimestamp();
        var failure = await Failure.ExpectAsync(SandboxError.EngineUnreachable, () => house.RunAsync(sandbox, "seq 1 1000; sleep 3144"));
        Assert.Contains("may still run", failure.Message, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 40);
        proxy.IsDown = false;
    }

    [Fact]
    public async Task A_copy_from_a_sandbox_that_is_cut_leaves_no_half_file()
    {
        await using var proxy = new EngineProxy();
        await using var house = await SandboxHouse.OpenAsync(endpoint: proxy.Address, hasAgents: false);
        using var folder = new TemporaryFolder();
        var sandbox = await house.CreateAsync();
        await house.ShellAsync(sandbox, "mkdir /tmp/d && head -c 100000 /dev/urandom > /tmp/d/a && head -c 3000000 /dev/urandom > /tmp/d/b");
        foreach (var bytes in new[] { 0, 100, 60_000, 1_500_000 })
        {
            proxy.Calm();
            proxy.Always("GET /containers/[^/]+/archive", request => request.PassAsync(answerLimit: bytes));
            var failure = await Failure.ExpectAsync(SandboxError.EngineUnreachable, () => house.Manager.Files.DownloadAsync(sandbox, "/tmp/d", folder["d"], OperationObserver.None, Limits.Token));
            Assert.NotNull(failure.Remedy);
            if (Directory.Exists(folder["d"]))
                Assert.All(TreeSnapshot.Items(new DirectoryInfo(folder["d"])).OfType<FileInfo>(), file => Assert.Equal(file.Name == "a" ? 100_000 : 3_000_000, file.Length));
        }
    }

    [Fact]
    public async Task A_copy_to_a_sandbox_that_is_cut_fails_clearly()
    {
        await using var proxy = new EngineProxy();
        await using var house = await SandboxHouse.OpenAsync(endpoint: proxy.Address, hasAgents: false);
        using var folder = new TemporaryFolder();
        var sandbox = await house.CreateAsync();
        folder.Write("file", new string('x', 3_000_000));
        proxy.Next("PUT /containers/[^/]+/archive", request => request.CutAsync());
        await Failure.ExpectAsync(SandboxError.EngineUnreachable, () => house.Manager.Files.UploadAsync(sandbox, [folder["file"]], "/tmp/file", OperationObserver.None, Limits.Token));
        await house.Manager.Files.UploadAsync(sandbox, [folder["file"]], "/tmp/file", OperationObserver.None, Limits.Token);
        Assert.Equal("3000000", await house.ShellAsync(sandbox, "stat -c %s /tmp/file"));
    }

    [Fact]
    public async Task Without_an_engine_everything_says_so_and_what_to_do()
    {
        using var folder = new TemporaryFolder();
        using var manager = new SandboxManager(DockerRuntime.Connect("unix://" + folder["nosuch"]), new SandboxSettings());
        foreach (var action in new Func<Task>[]
        {
            () => manager.ListAsync(new SandboxFilter(), Limits.Token),
            () => manager.GetAsync(new SandboxReference("one"), Limits.Token),
            () => manager.CreateAsync(new SandboxOptions { Image = "debian" }, OperationObserver.None, Limits.Token),
            () => manager.RemoveAsync(TestData.Sandbox(), OperationObserver.None, Limits.Token),
            () => manager.Images.ListAsync(Limits.Token),
            () => manager.RunAsync(TestData.Sandbox(), new CommandRequest { Command = "true" }, input: null, OperationObserver.None, Limits.Token),
            () => manager.Files.DownloadAsync(TestData.Sandbox(), "/x", folder["x"], OperationObserver.None, Limits.Token),
        })
        {
            var failure = await Failure.ExpectAsync(SandboxError.EngineUnreachable, action);
            Assert.Contains(folder["nosuch"], failure.Message, StringComparison.Ordinal);
            Assert.NotNull(failure.Remedy);
        }
    }
}
