using FlourishaSandbox.Docker;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>What an engine measures, as a user sees it.</summary>
internal static class DockerMetrics
{
    /// <summary>The metrics of a sandbox.</summary>
    public static SandboxMetrics From(Sandbox sandbox, ContainerStats stats, long diskUsed) => new()
    {
        Sandbox = sandbox,
        Time = DateTimeOffset.Now,
        // The engine counts a whole core as 100 %.
        CpuPercent = sandbox.Limits.Cpus > 0 ? stats.CpuPercent / sandbox.Limits.Cpus : stats.CpuPercent,
        CpuLimit = sandbox.Limits.Cpus,
        CpuTime = TimeSpan.FromMicroseconds(stats.Cpu.Usage.Total / 1000.0),
        MemoryUsed = stats.MemoryBytes,
        MemoryLimit = sandbox.Limits.Memory,
        DiskUsed = diskUsed,
        Processes = (int)stats.Pids.Current,
        ProcessLimit = sandbox.Limits.PidLimit,
        DiskLimit = sandbox.Limits.Disk ?? 0,
        NetworkReceived = stats.ReceivedBytes,
        NetworkSent = stats.SentBytes,
    };
}
