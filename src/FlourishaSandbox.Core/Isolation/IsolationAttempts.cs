using FlourishaSandbox.Agents;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Isolation;

/// <summary>All attempts.</summary>
internal static class IsolationAttempts
{
    private const string NoRoot = "Leave out -User, or name a user who is not root.";

    private static readonly IsolationLevel[] Every = [IsolationLevel.Standard, IsolationLevel.Strict, IsolationLevel.Relaxed];
    private static readonly IsolationLevel[] Hardened = [IsolationLevel.Standard, IsolationLevel.Strict];
    private static readonly IsolationLevel[] Strict = [IsolationLevel.Strict];

    /// <summary>All attempts, the plainest first; those that take all that a sandbox has come last.</summary>
    public static IReadOnlyList<IsolationAttempt> All { get; } =
    [
        new("host-mounts", IsolationCategory.Files, Hardened, HostMountsAsync, "Leave out -Volume host:…, and copy files in with Copy-SandboxItem."),
        Probe("mount", IsolationCategory.Files, Every),
        Probe("devices", IsolationCategory.Files, Every),
        Probe("mknod", IsolationCategory.Files, Hardened),
        Probe("sysctl", IsolationCategory.Files, Every),
        Probe("sysfs", IsolationCategory.Files, Every),
        Probe("cgroup", IsolationCategory.Files, Every),
        Probe("masked-paths", IsolationCategory.Files, Every),
        Probe("file-handles", IsolationCategory.Files, Every),
        Probe("root-files", IsolationCategory.Files, Strict),

        Probe("user", IsolationCategory.Privileges, Hardened, NoRoot),
        new("capabilities", IsolationCategory.Privileges, Hardened, async (run, token) => Of(await run.ProbeAsync(token, ["capabilities", .. run.Capabilities]).ConfigureAwait(false))),
        new("new-privileges", IsolationCategory.Privileges, Hardened, ProbeOf("privileges")),

        Probe("trace-agent", IsolationCategory.Processes, Every),
        Probe("trace", IsolationCategory.Processes, Strict),

        new("system-call-filter", IsolationCategory.Kernel, Every, ProbeOf("filter"), "Use a kernel and an engine with seccomp, and the engine's usual profile."),
        Probe("namespaces", IsolationCategory.Kernel, Every),
        Probe("keyring", IsolationCategory.Kernel, Every),
        Probe("bpf", IsolationCategory.Kernel, Every),
        Probe("userfaultfd", IsolationCategory.Kernel, Every),
        Probe("perf", IsolationCategory.Kernel, Every),
        Probe("kernel-control", IsolationCategory.Kernel, Every),
        Probe("io-uring", IsolationCategory.Kernel, Strict),

        Probe("raw-socket", IsolationCategory.Network, Hardened),
        Probe("packet-socket", IsolationCategory.Network, Hardened),
        new("other-sandbox", IsolationCategory.Network, Every, NetworkAttempts.OtherSandboxAsync, "Choose -Network Isolated, Internal, Dedicated or None; the network that it is on lets containers reach each other."),
        new("host-loopback", IsolationCategory.Network, Every, NetworkAttempts.HostLoopbackAsync),
        new("host-services", IsolationCategory.Network, Every, NetworkAttempts.HostServicesAsync, NetworkAttempts.Remedy),
        new("metadata", IsolationCategory.Network, Every, NetworkAttempts.MetadataAsync, NetworkAttempts.Remedy),
        new("private-networks", IsolationCategory.Network, Every, NetworkAttempts.PrivateNetworksAsync, NetworkAttempts.Remedy),

        new("open-files", IsolationCategory.Resources, Every, ResourceAttempts.OpenFilesAsync),
        new("temporary-files", IsolationCategory.Resources, Hardened, ResourceAttempts.TemporaryFilesAsync),
        new("workspace", IsolationCategory.Resources, Strict, ResourceAttempts.WorkspaceAsync),
        new("disk", IsolationCategory.Resources, Every, ResourceAttempts.DiskAsync, "Name a limit with New-Sandbox -Disk."),
        new("processes", IsolationCategory.Resources, Every, ResourceAttempts.ProcessesAsync),
        new("memory", IsolationCategory.Resources, Every, ResourceAttempts.MemoryAsync),
    ];

    /// <summary>What a probe said, where there is nothing to add.</summary>
    public static (IsolationOutcome Outcome, string Detail) Of(ProbeAnswer answer) => (answer.Outcome, answer.Detail);

    private static IsolationAttempt Probe(string name, IsolationCategory category, IsolationLevel[] levels, string? remedy = null) => new(name, category, levels, ProbeOf(name), remedy);

    private static Func<IsolationRun, CancellationToken, Task<(IsolationOutcome Outcome, string Detail)>> ProbeOf(string probe) =>
        async (run, token) => Of(await run.ProbeAsync(token, probe).ConfigureAwait(false));

    private static async Task<(IsolationOutcome Outcome, string Detail)> HostMountsAsync(IsolationRun run, CancellationToken cancellationToken)
    {
        var ground = await run.GroundAsync(cancellationToken).ConfigureAwait(false);
        return Of(await run.ProbeAsync(cancellationToken, ["mounts", AgentConnection.Folder, .. ground.Mounts]).ConfigureAwait(false));
    }
}
