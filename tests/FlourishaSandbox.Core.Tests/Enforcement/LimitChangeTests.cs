using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Enforcement;

/// <summary>Changing limits of sandboxes that run, on the real engine.</summary>
public sealed class LimitChangeTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task Limits_hold_at_once_and_are_seen_by_everybody()
    {
        var (house, sandbox) = await shared.GetAsync();

        var changed = await ChangeAsync(house, sandbox, new LimitChange { Memory = 300L << 20, Cpus = 0.75, PidLimit = 77 });

        Assert.Equal((300L << 20, 0.75, 77), (changed.Limits.Memory, changed.Limits.Cpus, changed.Limits.PidLimit));
        Assert.NotNull(changed.Deadline);
        var again = await house.AgainAsync(sandbox);
        Assert.Equal(changed.Limits, again.Limits);
        var metrics = await house.Manager.MeasureAsync(again, Limits.Token);
        Assert.Equal((300L << 20, 0.75, 77), (metrics.MemoryLimit, metrics.CpuLimit, metrics.ProcessLimit));

        // One alone leaves the others, and raising is the kernel's other order.
        var raised = await ChangeAsync(house, again, new LimitChange { Memory = 1L << 30 });
        Assert.Equal((1L << 30, 0.75, 77), (raised.Limits.Memory, raised.Limits.Cpus, raised.Limits.PidLimit));
        Assert.Equal(1L << 30, (await house.InspectAsync(sandbox)).HostConfig.MemorySwap);
    }

    [Fact]
    public async Task Fewer_processes_than_now_stop_new_ones_only()
    {
        var house = (await shared.GetAsync()).House;
        var sandbox = await house.CreateAsync();

        var changed = await ChangeAsync(house, sandbox, new LimitChange { PidLimit = 10 });
        var result = await house.RunAsync(changed, "for i in $(seq 200); do sleep 60 & done; true");

        Assert.NotEqual(0, result.ExitCode);
        var raised = await ChangeAsync(house, changed, new LimitChange { PidLimit = 256 });
        Assert.Equal("alive", await house.ShellAsync(raised, "echo alive"));
    }

    [Fact]
    public async Task Less_memory_than_is_used_is_refused_and_changes_nothing()
    {
        var house = (await shared.GetAsync()).House;
        var sandbox = await house.CreateAsync();
        await house.ShellAsync(sandbox, "perl -e '$x = \"x\" x (120 << 20); sleep 600' > /dev/null 2>&1 & sleep 1");

        var failure = await Assert.ThrowsAsync<SandboxException>(() => ChangeAsync(house, sandbox, new LimitChange { Memory = 64L << 20, Cpus = 1 }));

        Assert.Equal(SandboxError.InvalidOption, failure.Error);
        Assert.Matches($"Memory '{64 << 20}' is less than sandbox '.*' uses, which is [0-9]+MB", failure.Message);
        var again = await house.AgainAsync(sandbox);
        Assert.Equal((ResourceLimits.Default.Memory, 2.0), (again.Limits.Memory, again.Limits.Cpus));
    }

    [Fact]
    public async Task A_sandbox_that_is_gone_has_no_limits()
    {
        var house = (await shared.GetAsync()).House;
        var sandbox = await house.CreateAsync();
        await house.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token);

        Assert.Equal(SandboxError.SandboxNotFound, (await Assert.ThrowsAsync<SandboxException>(() => ChangeAsync(house, sandbox, new LimitChange { Cpus = 1 }))).Error);
    }

    [Fact]
    public void What_no_sandbox_can_have_is_refused_before_anything_is_asked()
    {
        Assert.Contains("PidLimit '0'", Assert.Throws<SandboxException>(() => new LimitChange { PidLimit = 0 }.Validate()).Message, StringComparison.Ordinal);
        Assert.Contains("Memory '1'", Assert.Throws<SandboxException>(() => new LimitChange { Memory = 1 }.Validate()).Message, StringComparison.Ordinal);
        Assert.Contains("Cpu '0'", Assert.Throws<SandboxException>(() => new LimitChange { Cpus = 0 }.Validate()).Message, StringComparison.Ordinal);
    }

    private static Task<Sandbox> ChangeAsync(SandboxHouse house, Sandbox sandbox, LimitChange change) =>
        house.Manager.Limits.ChangeAsync(sandbox, change, OperationObserver.None, Limits.Token);
}
