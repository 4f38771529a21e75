using System.Diagnostics;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Enforcement;

/// <summary>Limits that are reached, on the real engine.</summary>
public sealed class EnforcementTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    private const string MemoryBomb = "perl -e '$x = \"x\" x (400 << 20); sleep 100'";

    [Fact]
    public async Task A_command_that_ran_out_of_memory_is_told_as_such_and_the_sandbox_goes_on()
    {
        var house = (await shared.GetAsync()).House;
        var sandbox = await house.CreateAsync(options => options with { Limits = options.Limits with { Memory = 96L << 20 } });

        var result = await house.RunAsync(sandbox, MemoryBomb);

        Assert.True(result.OutOfMemory);
        Assert.Equal((137, false, LimitKind.Memory), (result.ExitCode, result.TimedOut, result.Exceeded));
        Assert.Equal("alive", await house.ShellAsync(sandbox, "echo alive"));
        Assert.Equal(1, (await house.Manager.MeasureAsync(sandbox, Limits.Token)).MemoryKills);
        var process = await house.Manager.Processes.StartAsync(sandbox, new CommandRequest { Command = MemoryBomb }, new ProcessOptions(), OperationObserver.None, Limits.Token);
        var ended = await house.Manager.Processes.WaitAsync(sandbox, new ProcessReference(process), timeout: null, Limits.Token);
        Assert.True(ended.OutOfMemory);
        await house.Client.Containers.KillAsync(sandbox.Id, "SIGKILL", Limits.Token);
        await house.Client.Containers.WaitAsync(sandbox.Id, Limits.Token);
        Assert.True((await house.AgainAsync(sandbox)).OutOfMemory);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("root")]
    public async Task Output_has_an_end_by_the_agent_and_by_the_engine(string? user)
    {
        var house = (await shared.GetAsync()).House;
        var sandbox = await house.CreateAsync(options => options with { Limits = options.Limits with { Output = 100_000 } });

        var result = await house.RunAsync(sandbox, "while :; do echo yes; done", user);

        Assert.Equal((LimitKind.Output, 100_000), (result.Exceeded, result.OutputBytes.Length));
        if (user is null)
            Assert.Equal(137, result.ExitCode);
        else
            Assert.Contains(result.ExitCode, new int?[] { 137, 141 }); // through the engine: killed, or first hit by the pipe that nobody reads any more
        Assert.Equal("fine", await house.ShellAsync(sandbox, "echo fine", user));
        Assert.DoesNotContain("yes", await house.ShellAsync(sandbox, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_is_full_takes_nothing_more()
    {
        var house = (await shared.GetAsync()).House;
        var sandbox = await house.CreateAsync(options => options with { User = "10000:10000", Limits = options.Limits with { Disk = 32L << 20 } });
        Assert.Equal(32L << 20, sandbox.Limits.Disk);

        var result = await house.RunAsync(sandbox, "i=0; while :; do i=$((i+1)); head -c 2m /dev/zero > /var/tmp/f$i; done");

        Assert.Equal(LimitKind.Disk, result.Exceeded);
        var metrics = await house.Manager.MeasureAsync(sandbox, Limits.Token);
        Assert.True(metrics.IsDiskFull);
        Assert.Equal(32L << 20, metrics.DiskLimit);
        Assert.InRange(metrics.DiskPercent, 90, 2000);
        using var content = new MemoryStream(new byte[1 << 20]);
        var refused = await Assert.ThrowsAsync<SandboxException>(() => house.Manager.Files.WriteAsync(sandbox, "/var/tmp/more", content, Limits.Token));
        Assert.Equal(SandboxError.LimitExceeded, refused.Error);
        Assert.Contains(sandbox.Name, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LimitAction.Warn, SandboxState.Running)]
    [InlineData(LimitAction.Stop, SandboxState.Stopped)]
    [InlineData(LimitAction.Kill, SandboxState.Stopped)]
    public async Task What_is_more_than_it_should_be_is_told_and_ended(LimitAction action, SandboxState state)
    {
        var house = (await shared.GetAsync()).House;
        var sandbox = await house.CreateAsync(options => options with { Limits = options.Limits with { Memory = 200L << 20 } });
        var policy = new LimitPolicy { Thresholds = LimitPolicy.ReadThresholds("50%", null, null, null), Action = action, Timeout = TimeSpan.FromSeconds(action == LimitAction.Warn ? 4 : 60), Interval = TimeSpan.FromMilliseconds(200) };
        var watching = CollectAsync(house, sandbox, policy);
        await house.Manager.Processes.StartAsync(sandbox, new CommandRequest { Command = "sleep 1; exec perl -e '$x = \"x\" x (60 << 20); $y = $x; sleep 1000'" }, new ProcessOptions(), OperationObserver.None, Limits.Token);

        var breach = Assert.Single(await watching);

        Assert.Equal((LimitKind.Memory, action, 200L << 20), (breach.Kind, breach.Action, breach.Limit));
        Assert.InRange(breach.Percent, 50, 100);
        Assert.Equal(state, (await house.AgainAsync(sandbox)).State);
    }

    [Fact]
    public async Task A_watch_ends_with_its_sandbox()
    {
        var house = (await shared.GetAsync()).House;
        var sandbox = await house.CreateAsync();
        var watching = CollectAsync(house, sandbox, new LimitPolicy { Thresholds = LimitPolicy.ReadThresholds("100%", null, null, null), Interval = TimeSpan.FromMilliseconds(100) });
        await Task.Delay(500, Limits.Token);
        await house.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token);

        Assert.Empty(await watching);
        Assert.Equal(SandboxError.SandboxNotFound, (await Assert.ThrowsAsync<SandboxException>(() => CollectAsync(house, sandbox, new LimitPolicy { Thresholds = LimitPolicy.ReadThresholds("100%", null, null, null) }))).Error);
    }

    [Fact]
    public async Task Without_an_agent_what_counts_is_watched_too()
    {
        await using var house = await SandboxHouse.OpenAsync(hasAgents: false);
        var sandbox = await house.CreateAsync();

        var breaches = await CollectAsync(house, sandbox, new LimitPolicy { Thresholds = LimitPolicy.ReadThresholds("1024", null, null, "1"), Count = 1, Action = LimitAction.Kill });

        Assert.Equal([LimitKind.Memory, LimitKind.Processes], breaches.Select(breach => breach.Kind));
        Assert.Equal(SandboxState.Stopped, (await house.AgainAsync(sandbox)).State);
    }

    private static async Task<List<LimitBreach>> CollectAsync(SandboxHouse house, Sandbox sandbox, LimitPolicy policy)
    {
        var breaches = new List<LimitBreach>();
        await foreach (var breach in house.Manager.Limits.WatchAsync(sandbox, policy, OperationObserver.None, Limits.Token))
            breaches.Add(breach);

        return breaches;
    }
}
