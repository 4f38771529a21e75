using System.Text.Json.Serialization;

namespace FlourishaSandbox.Envd.Http;

/// <summary>What an agent is told at first. All may be left out.</summary>
public sealed record InitRequest
{
    /// <summary>Variables that all processes get from now on.</summary>
    public IReadOnlyDictionary<string, string>? EnvVars { get; init; }

    /// <summary>The folder in which processes start that name none.</summary>
    public string? DefaultWorkdir { get; init; }

    /// <summary>The user of requests that name none. An agent has one user only; another one is refused.</summary>
    public string? DefaultUser { get; init; }

    /// <summary>The access token. An agent takes the one whose hash it was started with, and no other.</summary>
    public string? AccessToken { get; init; }
}

/// <summary>Who an agent is.</summary>
public sealed record AgentInfo
{
    /// <summary>The product's version.</summary>
    public string Version { get; init; } = "";

    /// <summary>The user's name; the number where the number has no name.</summary>
    public string User { get; init; } = "";

    /// <summary>The user's number.</summary>
    public int Uid { get; init; }

    /// <summary>The group's number.</summary>
    public int Gid { get; init; }

    /// <summary>The user's home.</summary>
    public string Home { get; init; } = "/";

    /// <summary>The folder in which processes start that name none.</summary>
    public string WorkingDirectory { get; init; } = "/";
}

/// <summary>When a sandbox ends by itself.</summary>
/// <param name="RemainingMs">Milliseconds from now; null for no end. Counted by a clock that nobody sets.</param>
/// <param name="EndsAt">The same by the sandbox's clock on the wall.</param>
/// <param name="Suspended">True where the agent has frozen everything, because the deadline passed; else null.</param>
public sealed record Deadline(long? RemainingMs, DateTimeOffset? EndsAt, bool? Suspended = null);

/// <summary>Ends a sandbox.</summary>
/// <param name="GraceMs">Milliseconds that processes have between being asked to end and being killed, from 0 to 600,000.</param>
public sealed record EndRequest(int GraceMs);

/// <summary>Lets a sandbox go on that was frozen. With nothing said, a deadline that is to come stays, and one that has passed is taken away.</summary>
public sealed record ResumeRequest
{
    /// <summary>When it ends from now on, in milliseconds, at least 1; null to leave that as it is.</summary>
    public long? TimeoutMs { get; init; }

    /// <summary>When it ends from now on where its deadline has passed meanwhile, in milliseconds, at least 1; null for never.</summary>
    public long? LifetimeMs { get; init; }

    /// <summary>True for no end.</summary>
    public bool? Unlimited { get; init; }
}

/// <summary>Sets when a sandbox ends by itself.</summary>
/// <param name="TimeoutMs">Milliseconds from now, at least 1; null for no end.</param>
public sealed record DeadlineRequest(long? TimeoutMs);

/// <summary>Makes a sandbox that waits in a pool somebody's.</summary>
public sealed record ClaimRequest
{
    /// <summary>What is to be known of the sandbox from now on, as labels of a container are; the agent keeps it and understands none of it.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Variables that all processes get.</summary>
    public IReadOnlyDictionary<string, string>? EnvVars { get; init; }

    /// <summary>How long it lives from now, in milliseconds, at least 1; null for no end.</summary>
    public long? TimeoutMs { get; init; }
}

/// <summary>Whose a sandbox is that came from a pool.</summary>
/// <param name="Waiting">Whether it still waits.</param>
/// <param name="Labels">What its claim said; null where there was none.</param>
public sealed record ClaimState(bool Waiting, IReadOnlyDictionary<string, string>? Labels);

/// <summary>Whether a process listens on a port.</summary>
/// <param name="Listening">Whether one does.</param>
/// <param name="Address">On which address: <c>0.0.0.0</c>, <c>::</c>, or one that is reached from inside only, such as <c>127.0.0.1</c>.</param>
public sealed record PortState(bool Listening, string? Address);

/// <summary>What a tar stream brought.</summary>
/// <param name="Files">Files, folders and links not counted.</param>
/// <param name="Bytes">Their sizes added up.</param>
public sealed record TarReceipt(long Files, long Bytes);

/// <summary>What was written by POST /files.</summary>
/// <param name="Path">The absolute path.</param>
/// <param name="Name">Its last component.</param>
/// <param name="Type">Always <c>file</c>.</param>
/// <param name="Metadata">What is kept about it, as the request's headers <c>X-Metadata-…</c> said; null where that is nothing.</param>
public sealed record WrittenFile(string Path, string Name, string Type = "file", IReadOnlyDictionary<string, string>? Metadata = null);

/// <summary>What a sandbox uses. Named as E2B's protocol has it; the last ones, from <see cref="CpuTimeMicroseconds"/> on, are ours.</summary>
public sealed record AgentMetrics
{
    /// <summary>Seconds since 1970, by the sandbox's clock.</summary>
    [JsonPropertyName("ts")]
    public long Timestamp { get; init; }

    /// <summary>Cores that it may use; rounded up where it is a fraction.</summary>
    [JsonPropertyName("cpu_count")]
    public int CpuCount { get; init; }

    /// <summary>CPU time used of what it may use, in percent, since it was last asked, or over 50 ms.</summary>
    [JsonPropertyName("cpu_used_pct")]
    public double CpuUsedPercent { get; init; }

    /// <summary>Memory that it may use, in bytes.</summary>
    [JsonPropertyName("mem_total")]
    public long MemoryTotal { get; init; }

    /// <summary>Memory that it uses, without the cache of files, in bytes.</summary>
    [JsonPropertyName("mem_used")]
    public long MemoryUsed { get; init; }

    /// <summary>Memory that holds files' content and can be given back, in bytes.</summary>
    [JsonPropertyName("mem_cache")]
    public long MemoryCache { get; init; }

    /// <summary><see cref="MemoryTotal"/> in MiB.</summary>
    [JsonPropertyName("mem_total_mib")]
    public long MemoryTotalMib { get; init; }

    /// <summary><see cref="MemoryUsed"/> in MiB.</summary>
    [JsonPropertyName("mem_used_mib")]
    public long MemoryUsedMib { get; init; }

    /// <summary>Bytes used of the file system that holds the sandbox.</summary>
    [JsonPropertyName("disk_used")]
    public long DiskUsed { get; init; }

    /// <summary>The size of that file system.</summary>
    [JsonPropertyName("disk_total")]
    public long DiskTotal { get; init; }

    /// <summary>CPU time used since the sandbox started, in microseconds.</summary>
    [JsonPropertyName("cpu_time_us")]
    public long CpuTimeMicroseconds { get; init; }

    /// <summary>Cores that it may use, exactly.</summary>
    [JsonPropertyName("cpu_limit")]
    public double CpuLimit { get; init; }

    /// <summary>Processes and threads, as the kernel counts them, without the agent's own.</summary>
    [JsonPropertyName("processes")]
    public int Processes { get; init; }

    /// <summary>Processes and threads that the kernel allows, the agent's own included; null for no limit.</summary>
    [JsonPropertyName("processes_limit")]
    public long? ProcessLimit { get; init; }

    /// <summary>How many processes the kernel ended because there was no memory, since the sandbox was started.</summary>
    [JsonPropertyName("oom_kills")]
    public long MemoryKills { get; init; }

    /// <summary>Bytes that it may write to its disk, where the agent sees to that; null where it does not.</summary>
    [JsonPropertyName("disk_limit")]
    public long? DiskLimit { get; init; }

    /// <summary>Whether that is used up: uploads are refused then, and whatever writes is ended.</summary>
    [JsonPropertyName("disk_full")]
    public bool IsDiskFull { get; init; }

    /// <summary>Bytes received over the network, loopback not counted.</summary>
    [JsonPropertyName("net_rx_bytes")]
    public long NetworkReceived { get; init; }

    /// <summary>Bytes sent over the network, loopback not counted.</summary>
    [JsonPropertyName("net_tx_bytes")]
    public long NetworkSent { get; init; }
}
