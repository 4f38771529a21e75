using System.Text.Json.Serialization;

namespace FlourishaSandbox.Docker;

/// <summary>What a container used at one moment.</summary>
internal sealed record ContainerStats
{
    /// <summary>When it was measured.</summary>
    [JsonPropertyName("read")]
    public DateTimeOffset Read { get; init; }

    /// <summary>Processor time up to now.</summary>
    [JsonPropertyName("cpu_stats")]
    public CpuStats Cpu { get; init => field = value ?? new(); } = new();

    /// <summary>Processor time up to the measurement before; zeros in the first.</summary>
    [JsonPropertyName("precpu_stats")]
    public CpuStats PreviousCpu { get; init => field = value ?? new(); } = new();

    /// <summary>Memory.</summary>
    [JsonPropertyName("memory_stats")]
    public MemoryStats Memory { get; init => field = value ?? new(); } = new();

    /// <summary>Processes and threads.</summary>
    [JsonPropertyName("pids_stats")]
    public PidsStats Pids { get; init => field = value ?? new(); } = new();

    /// <summary>Traffic on each interface; null without a network.</summary>
    [JsonPropertyName("networks")]
    public IReadOnlyDictionary<string, NetworkStats>? Networks { get; init; }

    /// <summary>Processor use between the two measurements, in percent of one core; 0 where there is only one measurement.</summary>
    [JsonIgnore]
    public double CpuPercent
    {
        get
        {
            var used = Cpu.Usage.Total - (double)PreviousCpu.Usage.Total;
            var passed = Cpu.System - (double)PreviousCpu.System;
            var cores = Cpu.OnlineCores > 0 ? Cpu.OnlineCores : Math.Max(1, Cpu.Usage.PerCore?.Count ?? 1);
            return PreviousCpu.System > 0 && used > 0 && passed > 0 ? used / passed * cores * 100 : 0;
        }
    }

    /// <summary>Memory in use without the page cache that the kernel can drop, in bytes.</summary>
    [JsonIgnore]
    public long MemoryBytes => (long)(Memory.Usage > Memory.Reclaimable ? Memory.Usage - Memory.Reclaimable : Memory.Usage);

    /// <summary>Bytes received on all interfaces.</summary>
    [JsonIgnore]
    public long ReceivedBytes => Networks?.Values.Sum(network => (long)network.Received) ?? 0;

    /// <summary>Bytes sent on all interfaces.</summary>
    [JsonIgnore]
    public long SentBytes => Networks?.Values.Sum(network => (long)network.Sent) ?? 0;
}

/// <summary>Processor time.</summary>
internal sealed record CpuStats
{
    /// <summary>The container's.</summary>
    [JsonPropertyName("cpu_usage")]
    public CpuUsage Usage { get; init => field = value ?? new(); } = new();

    /// <summary>The host's, over all cores, in nanoseconds.</summary>
    [JsonPropertyName("system_cpu_usage")]
    public ulong System { get; init; }

    /// <summary>How many cores the host has.</summary>
    [JsonPropertyName("online_cpus")]
    public int OnlineCores { get; init; }
}

/// <summary>A container's processor time.</summary>
internal sealed record CpuUsage
{
    /// <summary>Over all cores, in nanoseconds.</summary>
    [JsonPropertyName("total_usage")]
    public ulong Total { get; init; }

    /// <summary>On each core, in nanoseconds; null with control groups version 2.</summary>
    [JsonPropertyName("percpu_usage")]
    public IReadOnlyList<ulong>? PerCore { get; init; }
}

/// <summary>A container's memory.</summary>
internal sealed record MemoryStats
{
    /// <summary>In use with the page cache, in bytes.</summary>
    [JsonPropertyName("usage")]
    public ulong Usage { get; init; }

    /// <summary>The limit, or the host's memory where there is none, in bytes.</summary>
    [JsonPropertyName("limit")]
    public ulong Limit { get; init; }

    /// <summary>The kernel's figures, in bytes.</summary>
    [JsonPropertyName("stats")]
    public IReadOnlyDictionary<string, ulong>? Details { get; init; }

    /// <summary>The page cache that the kernel can drop, in bytes, with control groups of either version.</summary>
    [JsonIgnore]
    public ulong Reclaimable
    {
        get
        {
            if (Details is null)
                return 0;
            return Details.TryGetValue("total_inactive_file", out var version1) ? version1
                : Details.TryGetValue("inactive_file", out var version2) ? version2
                : 0;
        }
    }
}

/// <summary>A container's processes and threads.</summary>
internal sealed record PidsStats
{
    /// <summary>How many there are.</summary>
    [JsonPropertyName("current")]
    public ulong Current { get; init; }

    /// <summary>How many there may be; 0 for no limit.</summary>
    [JsonPropertyName("limit")]
    public ulong Limit { get; init; }
}

/// <summary>Traffic on an interface.</summary>
internal sealed record NetworkStats
{
    /// <summary>Bytes received.</summary>
    [JsonPropertyName("rx_bytes")]
    public ulong Received { get; init; }

    /// <summary>Bytes sent.</summary>
    [JsonPropertyName("tx_bytes")]
    public ulong Sent { get; init; }
}

/// <summary>A container's processes as <c>ps</c> lists them.</summary>
internal sealed record ContainerProcesses
{
    /// <summary>The columns' names.</summary>
    public IReadOnlyList<string> Titles { get; init => field = value ?? []; } = [];

    /// <summary>A row for each process.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Processes { get; init => field = value ?? []; } = [];
}

/// <summary>How a container ended.</summary>
internal sealed record ContainerExit
{
    /// <summary>Process 1's exit code.</summary>
    public long StatusCode { get; init; }

    /// <summary>Why it could not be waited for; null where it could.</summary>
    public ContainerExitError? Error { get; init; }
}

/// <summary>Why a container could not be waited for.</summary>
internal sealed record ContainerExitError
{
    /// <summary>The engine's words.</summary>
    public string? Message { get; init; }
}
