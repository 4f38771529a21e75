using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Isolation;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Isolation;

/// <summary>Each attempt gets through where a sandbox was weakened on purpose, in the one way that it is about: none of them would say "held" to everything.</summary>
[Trait("Category", Engine.Category)]
public sealed class WeakSandboxTests
{
    private static readonly Dictionary<string, (IsolationLevel Level, Func<ContainerCreateRequest, ContainerCreateRequest> Weaken)> s_ways = new()
    {
        ["host-mounts"] = (IsolationLevel.Standard, request => request.With(host => host with { Binds = ["/etc:/host-etc:ro"] })),
        ["mount"] = (IsolationLevel.Standard, request => Root(request, "SYS_ADMIN").With(Unconfined)),
        ["devices"] = (IsolationLevel.Standard, request => Root(request).With(host => host with { Devices = [new DeviceMapping { PathOnHost = SomeDevice(), PathInContainer = "/dev/of-the-host" }] })),
        ["mknod"] = (IsolationLevel.Standard, request => Root(request, "MKNOD")),
        ["sysctl"] = (IsolationLevel.Standard, request => Root(request).With(host => host with { ReadonlyPaths = [] })),
        ["sysfs"] = (IsolationLevel.Standard, request => Root(request).With(host => host with { Binds = ["/sys:/sys:rw"] })),
        ["cgroup"] = (IsolationLevel.Standard, request => Root(request).With(host => host with { Binds = ["/sys/fs/cgroup:/sys/fs/cgroup:rw"] })),
        ["masked-paths"] = (IsolationLevel.Standard, request => Root(request).With(host => host with { MaskedPaths = [] })),
        ["file-handles"] = (IsolationLevel.Standard, request => Root(request, "DAC_READ_SEARCH")),
        ["root-files"] = (IsolationLevel.Strict, request => request.With(host => host with { ReadonlyRootfs = false })),
        ["user"] = (IsolationLevel.Standard, request => Root(request)),
        ["capabilities"] = (IsolationLevel.Standard, request => request.With(host => host with { CapAdd = ["NET_ADMIN"] })),
        ["new-privileges"] = (IsolationLevel.Standard, request => request.With(host => host with { SecurityOpt = [] })),
        ["trace-agent"] = (IsolationLevel.Standard, request => Root(request, "SYS_PTRACE")),
        ["trace"] = (IsolationLevel.Strict, request => request.With(host => host with { SecurityOpt = ["no-new-privileges"] })),
        ["system-call-filter"] = (IsolationLevel.Standard, request => request.With(Unconfined)),
        ["namespaces"] = (IsolationLevel.Standard, request => request.With(Unconfined)),
        ["keyring"] = (IsolationLevel.Standard, request => request.With(Unconfined)),
        ["bpf"] = (IsolationLevel.Standard, request => Root(request, "SYS_ADMIN").With(Unconfined)),
        ["userfaultfd"] = (IsolationLevel.Standard, request => request.With(Unconfined)),
        ["perf"] = (IsolationLevel.Standard, request => Root(request, "SYS_ADMIN").With(Unconfined)),
        ["kernel-control"] = (IsolationLevel.Standard, request => Root(request, "SYS_BOOT")),
        ["io-uring"] = (IsolationLevel.Strict, request => request.With(Unconfined)),
        ["raw-socket"] = (IsolationLevel.Standard, request => Root(request, "NET_RAW")),
        ["packet-socket"] = (IsolationLevel.Standard, request => Root(request, "NET_RAW")),
        ["host-loopback"] = (IsolationLevel.Standard, request => request.With(host => host with { NetworkMode = "host", PortBindings = null })),
        ["temporary-files"] = (IsolationLevel.Standard, request => request.With(host => host with { Tmpfs = null })),
        ["workspace"] = (IsolationLevel.Strict, request => request.With(host => host with { ReadonlyRootfs = false, Tmpfs = new() { ["/workspace"] = "size=1g,uid=10000" } })),
        ["disk"] = (IsolationLevel.Standard, WithoutDiskLimit),
        ["processes"] = (IsolationLevel.Standard, request => request.With(host => host with { PidsLimit = null })),
        ["memory"] = (IsolationLevel.Standard, request => request.With(host => host with { Memory = 0, MemorySwap = 0 })),
    };

    public static TheoryData<string> Attempts => [.. s_ways.Keys];

    // Each is weak in a way of its own, below: on an engine that cannot be had by a container's request alone.
    private static readonly string[] s_others = ["other-sandbox", "host-services", "metadata", "private-networks", "open-files"];

    [Fact]
    public void Every_attempt_is_shown_to_get_through() =>
        Assert.Equal(SandboxIsolation.Attempts.Order(StringComparer.Ordinal), s_ways.Keys.Concat(s_others).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Attempts))]
    public async Task An_attempt_on_a_sandbox_that_was_weakened_gets_through(string attempt)
    {
        await using var house = await SandboxHouse.OpenAsync();
        var (level, weaken) = s_ways[attempt];

        // Room for the 64 MiB of the attempts on other limits, which would be ended for this one else.
        var weak = await WeakSandbox.MakeAsync(house, weaken, options => options with { Isolation = level, Network = NetworkPolicy.Isolated, Limits = new ResourceLimits { Disk = 128L << 20 } });
        await ExpectNotHeldAsync(house, weak, attempt);
    }

    [Fact]
    public async Task A_sandbox_on_a_network_where_containers_talk_reaches_another()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var network = await house.Client.Networks.CreateAsync(new NetworkCreateRequest { Name = Engine.NewName(), Driver = "bridge", Labels = Engine.Labels }, Limits.Token);
        try
        {
            var weak = await WeakSandbox.MakeAsync(house, request => request.With(host => host with { NetworkMode = network.Id }));
            await ExpectNotHeldAsync(house, weak, "other-sandbox");
            await house.Manager.RemoveAsync(weak, OperationObserver.None, Limits.Token);
        }
        finally
        {
            await house.Client.Networks.RemoveAsync(network.Id, CancellationToken.None);
        }
    }

    [Theory]
    [InlineData("host-services")]
    [InlineData("metadata")]
    [InlineData("private-networks")]
    public async Task Without_rules_on_the_host_what_is_private_is_open(string attempt)
    {
        await using var house = await SandboxHouse.OpenAsync();

        // On a bridge that no rule of ours knows, as where Install-SandboxFirewall was never run.
        var network = await house.Client.Networks.CreateAsync(new NetworkCreateRequest { Name = Engine.NewName(), Driver = "bridge", Labels = Engine.Labels }, Limits.Token);
        try
        {
            var weak = await WeakSandbox.MakeAsync(house, request => request.With(host => host with { NetworkMode = network.Id }));
            var finding = await ExpectNotHeldAsync(house, weak, attempt);
            Assert.Contains("Install-SandboxFirewall", finding.Remedy, StringComparison.Ordinal);
            await house.Manager.RemoveAsync(weak, OperationObserver.None, Limits.Token);
        }
        finally
        {
            await house.Client.Networks.RemoveAsync(network.Id, CancellationToken.None);
        }
    }

    [Fact]
    public async Task More_open_files_than_were_promised_are_noticed()
    {
        // An engine cannot grant more than it has itself, which may be less than a sandbox's limit: here the promise is less than that.
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        var promised = new Sandbox
        {
            Id = sandbox.Id,
            Name = sandbox.Name,
            State = sandbox.State,
            Image = sandbox.Image,
            Owner = sandbox.Owner,
            CreatedAt = sandbox.CreatedAt,
            Agent = sandbox.Agent,
            AgentVersion = sandbox.AgentVersion,
            Engine = sandbox.Engine,
            Limits = sandbox.Limits with { OpenFileLimit = 100 },
        };
        await ExpectNotHeldAsync(house, promised, "open-files");
    }

    private static async Task<IsolationFinding> ExpectNotHeldAsync(SandboxHouse house, Sandbox sandbox, string attempt)
    {
        var finding = Assert.Single(await TestSandboxIsolationTests.TestAsync(house, sandbox, attempt));
        Assert.True(finding.Outcome == IsolationOutcome.NotHeld, $"{finding.Attempt}: {finding.Outcome}: {finding.Detail}");
        Assert.False(string.IsNullOrWhiteSpace(finding.Remedy));
        return finding;
    }

    private static ContainerCreateRequest Root(ContainerCreateRequest request, params string[] capabilities) =>
        (request with { User = "0:0" }).With(host => host with { CapAdd = [.. capabilities] });

    // What it says of itself is as it was; nobody holds it to that.
    private static ContainerCreateRequest WithoutDiskLimit(ContainerCreateRequest request)
    {
        var at = request.Cmd!.IndexOf("--disk-limit");
        Assert.True(at > 0, "the agent is not told of a disk limit");
        return (request with { Cmd = [.. request.Cmd[..at], .. request.Cmd[(at + 2)..]] }).With(host => host with { StorageOpt = null });
    }

    private static HostConfig Unconfined(HostConfig host) => host with { SecurityOpt = ["no-new-privileges", "seccomp=unconfined", "apparmor=unconfined"] };

    private static string SomeDevice() => new[] { "/dev/fuse", "/dev/kvm", "/dev/loop0", "/dev/sda", "/dev/vda" }.First(File.Exists);
}
