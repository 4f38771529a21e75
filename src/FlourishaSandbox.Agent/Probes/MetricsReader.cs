using System.Diagnostics;
using FlourishaSandbox.Agent.Limits;
using FlourishaSandbox.Agent.Processes;
using FlourishaSandbox.Envd.Http;

namespace FlourishaSandbox.Agent.Probes;

/// <summary>Measures what a sandbox uses.</summary>
/// <param name="group">What the kernel accounts for it.</param>
/// <param name="disk">What it wrote to its disk.</param>
/// <param name="table">The processes that clients started.</param>
internal sealed class MetricsReader(ControlGroup group, DiskGuard disk, ProcessTable table) : IDisposable
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _one = new(1, 1);
    private (long Time, long Stamp)? _last;

    /// <summary>Measures.</summary>
    /// <param name="folder">A folder on the file system that counts as the sandbox's disk.</param>
    /// <param name="cancellationToken">Ends the waiting for CPU time to be used.</param>
    public async Task<AgentMetrics> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var cores = (double)SystemFiles.Processors;
        cores = Math.Min(cores, group.CpuLimit ?? cores);
        var (cpuTime, cpuPercent) = await MeasureCpuAsync(cores, cancellationToken);

        var machine = SystemFiles.Memory;
        var total = Math.Min(machine.Total, group.MemoryLimit ?? machine.Total);
        var (used, cache) = group.MemoryUsage is { } usage
            ? (Math.Max(0, usage - group.MemoryCache), group.MemoryCache)
            : (machine.Total - machine.Available, machine.Cache);
        var fileSystem = SystemFiles.Disk(folder);
        var network = SystemFiles.Network;
        return new AgentMetrics
        {
            Timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            CpuCount = (int)Math.Ceiling(cores),
            CpuUsedPercent = cpuPercent,
            MemoryTotal = total,
            MemoryUsed = used,
            MemoryCache = cache,
            MemoryTotalMib = total >> 20,
            MemoryUsedMib = used >> 20,
            DiskUsed = fileSystem.Used,
            DiskTotal = fileSystem.Total,
            CpuTimeMicroseconds = cpuTime,
            CpuLimit = cores,
            Processes = group.Processes is { } all ? (int)Math.Max(0, all - SystemFiles.OwnThreads - table.SupervisorCount) : SystemFiles.Processes,
            ProcessLimit = group.ProcessLimit,
            MemoryKills = group.MemoryKills ?? 0,
            DiskLimit = disk.Limit,
            IsDiskFull = disk.State.IsFull,
            NetworkReceived = network.Received,
            NetworkSent = network.Sent,
        };
    }

    public void Dispose() => _one.Dispose();

    private async Task<(long Time, double Percent)> MeasureCpuAsync(double cores, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var last = _last ?? Sample();
            var wait = s_shortest - Stopwatch.GetElapsedTime(last.Stamp);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, cancellationToken);

            var now = Sample();
            _last = now;
            var available = Stopwatch.GetElapsedTime(last.Stamp, now.Stamp).TotalMicroseconds * cores;
            return (now.Time, Math.Round(Math.Clamp(100 * (now.Time - last.Time) / available, 0, 100), 2));
        }
        finally
        {
            _one.Release();
        }
    }

    private (long Time, long Stamp) Sample() => (group.CpuTime ?? SystemFiles.CpuTime, Stopwatch.GetTimestamp());
}
