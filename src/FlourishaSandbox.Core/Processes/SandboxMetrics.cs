using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Processes;

/// <summary>What a sandbox used at one moment.</summary>
public sealed record SandboxMetrics
{
    /// <summary>The sandbox.</summary>
    public required Sandbox Sandbox { get; init; }

    /// <summary>When it was measured, by the caller's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>CPU time used of what it may use, in percent, since it was last measured, or over a few ten milliseconds.</summary>
    public required double CpuPercent { get; init; }

    /// <summary>Cores that it may use.</summary>
    public required double CpuLimit { get; init; }

    /// <summary>CPU time used since it started.</summary>
    public required TimeSpan CpuTime { get; init; }

    /// <summary>Memory that it uses, without the cache of files, in bytes.</summary>
    public required long MemoryUsed { get; init; }

    /// <summary>Memory that it may use, in bytes; 0 for no limit.</summary>
    public required long MemoryLimit { get; init; }

    /// <summary><see cref="MemoryUsed"/> in percent of <see cref="MemoryLimit"/>; 0 where there is no limit.</summary>
    public double MemoryPercent => MemoryLimit > 0 ? 100.0 * MemoryUsed / MemoryLimit : 0;

    /// <summary>Bytes that it wrote over its image, on the engine's disk; volumes not counted.</summary>
    public required long DiskUsed { get; init; }

    /// <summary>Bytes that it may write; 0 for no limit.</summary>
    public long DiskLimit { get; init; }

    /// <summary><see cref="DiskUsed"/> in percent of <see cref="DiskLimit"/>; 0 where there is no limit.</summary>
    public double DiskPercent => DiskLimit > 0 ? 100.0 * DiskUsed / DiskLimit : 0;

    /// <summary>Whether its agent found the disk limit exceeded: uploads are refused, and whatever writes is ended, until something is removed.</summary>
    public bool IsDiskFull { get; init; }

    /// <summary>Processes and threads, as its limit counts them.</summary>
    public required int Processes { get; init; }

    /// <summary>Processes and threads that it may have; 0 for no limit.</summary>
    public required int ProcessLimit { get; init; }

    /// <summary><see cref="Processes"/> in percent of <see cref="ProcessLimit"/>; 0 where there is no limit.</summary>
    public double ProcessPercent => ProcessLimit > 0 ? 100.0 * Processes / ProcessLimit : 0;

    /// <summary>How many of its processes the kernel ended for want of memory since it was started; 0 where it has no agent, which counts them.</summary>
    public int MemoryKills { get; init; }

    /// <summary>Bytes received over the network.</summary>
    public required long NetworkReceived { get; init; }

    /// <summary>Bytes sent over the network.</summary>
    public required long NetworkSent { get; init; }
}
