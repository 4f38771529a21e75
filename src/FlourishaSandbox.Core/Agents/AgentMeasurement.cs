using FlourishaSandbox.Envd.Http;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Agents;

/// <summary>What an agent measures, as a user sees it.</summary>
internal static class AgentMeasurement
{
    /// <summary>The metrics of a sandbox.</summary>
    public static SandboxMetrics From(Sandbox sandbox, AgentMetrics metrics, long diskUsed) => new()
    {
        Sandbox = sandbox,
        Time = DateTimeOffset.Now,
        CpuPercent = metrics.CpuUsedPercent,
        CpuLimit = metrics.CpuLimit,
        CpuTime = TimeSpan.FromMicroseconds(metrics.CpuTimeMicroseconds),
        MemoryUsed = metrics.MemoryUsed,
        MemoryLimit = metrics.MemoryTotal,
        DiskUsed = diskUsed,
        Processes = metrics.Processes,
        ProcessLimit = metrics.ProcessLimit is { } all ? (int)Math.Clamp(all - SandboxMapping.AgentPids, 0, int.MaxValue) : sandbox.Limits.PidLimit,
        DiskLimit = sandbox.Limits.Disk ?? 0,
        IsDiskFull = metrics.IsDiskFull,
        MemoryKills = (int)Math.Clamp(metrics.MemoryKills, 0, int.MaxValue),
        NetworkReceived = metrics.NetworkReceived,
        NetworkSent = metrics.NetworkSent,
    };
}
