using System.Diagnostics;
using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Enforcement;

/// <summary>When something is told, by measurements at times of our own.</summary>
public sealed class LimitWatchTests
{
    private static readonly Sandbox s_sandbox = TestData.Sandbox();

    [Fact]
    public void What_stays_so_is_told_once_until_it_was_less()
    {
        var watch = new LimitWatch(new LimitPolicy { Thresholds = [LimitThreshold.Parse(LimitKind.Memory, "50%")] });

        Assert.Empty(watch.Take(Metrics(memory: 49), At(0)));
        var breach = Assert.Single(watch.Take(Metrics(memory: 50), At(1)));
        Assert.Equal((LimitKind.Memory, 50, 100, 50), (breach.Kind, breach.Used, breach.Limit, breach.Percent));
        Assert.Empty(watch.Take(Metrics(memory: 99), At(2)));
        Assert.Empty(watch.Take(Metrics(memory: 10), At(3)));
        Assert.Single(watch.Take(Metrics(memory: 60), At(4)));
    }

    [Fact]
    public void What_has_to_last_is_told_when_it_did_without_a_break()
    {
        var watch = new LimitWatch(new LimitPolicy { Thresholds = [LimitThreshold.Parse(LimitKind.Cpu, "1.5")], For = TimeSpan.FromSeconds(3) });

        Assert.Empty(watch.Take(Metrics(cpu: 90), At(0)));
        Assert.Empty(watch.Take(Metrics(cpu: 90), At(2)));
        Assert.Empty(watch.Take(Metrics(cpu: 10), At(3)));
        Assert.Empty(watch.Take(Metrics(cpu: 90), At(4)));
        Assert.Empty(watch.Take(Metrics(cpu: 80), At(6)));
        var breach = Assert.Single(watch.Take(Metrics(cpu: 75), At(7)));
        Assert.Equal((1.5, TimeSpan.FromSeconds(3)), (breach.Used, breach.Duration));
    }

    [Fact]
    public void Several_limits_are_told_apart()
    {
        var watch = new LimitWatch(new LimitPolicy { Thresholds = LimitPolicy.ReadThresholds("90%", "80%", "10", "10%") });

        Assert.Equal([LimitKind.Disk, LimitKind.Processes], watch.Take(Metrics(disk: 10, processes: 3), At(0)).Select(breach => breach.Kind));
    }

    [Fact]
    public void A_share_of_no_limit_is_an_error()
    {
        var watch = new LimitWatch(new LimitPolicy { Thresholds = [LimitThreshold.Parse(LimitKind.Disk, "90%")] });

        Assert.Contains("has no such limit", Assert.Throws<SandboxException>(() => watch.Take(Metrics(), At(0))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_breach_is_a_sentence()
    {
        var breach = new LimitBreach
        {
            Sandbox = s_sandbox, Time = TestData.Now, Kind = LimitKind.Memory, Used = 1.9 * (1L << 30), Limit = 2L << 30, Threshold = LimitThreshold.Parse(LimitKind.Memory, "90%"),
            Duration = TimeSpan.FromSeconds(12), Action = LimitAction.Warn,
        };

        Assert.Equal("Sandbox 'one' uses 1.9GB of 2GB (95%) memory, which is 90% or more for 12 s.", breach.ToString());
    }

    private static long At(double seconds) => (long)(seconds * Stopwatch.Frequency);

    private static SandboxMetrics Metrics(long memory = 0, double cpu = 0, long disk = 0, int processes = 0) => new()
    {
        Sandbox = s_sandbox, Time = TestData.Now, CpuPercent = cpu, CpuLimit = 2, CpuTime = default, MemoryUsed = memory, MemoryLimit = 100, DiskUsed = disk, Processes = processes,
        ProcessLimit = 20, NetworkReceived = 0, NetworkSent = 0,
    };
}
