using FlourishaSandbox.Processes;

namespace FlourishaSandbox.Cli.Json;

/// <summary>What a sandbox used at one moment.</summary>
/// <param name="Sandbox">The sandbox's name.</param>
/// <param name="Id">The sandbox's id.</param>
/// <param name="Time">When it was measured.</param>
/// <param name="CpuPercent">CPU time used of what it may use, in percent.</param>
/// <param name="CpuLimit">Cores that it may use.</param>
/// <param name="CpuSeconds">CPU time used since it started.</param>
/// <param name="MemoryUsed">Memory that it uses, in bytes.</param>
/// <param name="MemoryLimit">Memory that it may use, in bytes; 0 for no limit.</param>
/// <param name="DiskUsed">Bytes that it wrote over its image.</param>
/// <param name="DiskLimit">Bytes that it may write; 0 for no limit.</param>
/// <param name="IsDiskFull">Whether its agent found that exceeded.</param>
/// <param name="Processes">Processes and threads.</param>
/// <param name="ProcessLimit">Processes and threads that it may have; 0 for no limit.</param>
/// <param name="MemoryKills">How many of its processes the kernel ended for want of memory.</param>
/// <param name="NetworkReceived">Bytes received over the network.</param>
/// <param name="NetworkSent">Bytes sent over the network.</param>
internal sealed record MetricsDocument(
    string Sandbox,
    string Id,
    DateTimeOffset Time,
    double CpuPercent,
    double CpuLimit,
    double CpuSeconds,
    long MemoryUsed,
    long MemoryLimit,
    long DiskUsed,
    long DiskLimit,
    bool IsDiskFull,
    int Processes,
    int ProcessLimit,
    int MemoryKills,
    long NetworkReceived,
    long NetworkSent)
{
    /// <summary>The document for a measurement.</summary>
    /// <param name="metrics">The measurement.</param>
    /// <returns>The document.</returns>
    public static MetricsDocument For(SandboxMetrics metrics) => new(
        metrics.Sandbox.Name,
        metrics.Sandbox.Id,
        metrics.Time,
        Math.Round(metrics.CpuPercent, 2),
        metrics.CpuLimit,
        Math.Round(metrics.CpuTime.TotalSeconds, 3),
        metrics.MemoryUsed,
        metrics.MemoryLimit,
        metrics.DiskUsed,
        metrics.DiskLimit,
        metrics.IsDiskFull,
        metrics.Processes,
        metrics.ProcessLimit,
        metrics.MemoryKills,
        metrics.NetworkReceived,
        metrics.NetworkSent);
}
