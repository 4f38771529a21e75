using FlourishaSandbox.Commands;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Isolation;

/// <summary>The profiles on a real engine: what they close, and that programs work under them.</summary>
[Trait("Category", Engine.Category)]
public sealed class IsolationEngineTests
{
    private static readonly Func<SandboxOptions, SandboxOptions> Strict = options => options with { Isolation = IsolationLevel.Strict, Network = NetworkPolicy.Isolated };

    [Fact]
    public async Task A_standard_sandbox_is_closed_as_its_profile_says()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { Limits = new ResourceLimits { Memory = 256L << 20 } });
        Assert.Equal(IsolationLevel.Standard, sandbox.Isolation);
        Assert.Equal(["CapBnd:0000000000000000", "CapEff:0000000000000000", "NoNewPrivs:1", "Seccomp:2"], await StatusAsync(house, sandbox));
        Assert.Equal("tmpfs 131072", await house.ShellAsync(sandbox, "df --output=fstype,size /tmp | tail -1 | xargs"));
        Assert.Equal("tmpfs 65536", await house.ShellAsync(sandbox, "df --output=fstype,size /dev/shm | tail -1 | xargs"));

        // Programs run from /tmp, but not as somebody else.
        Assert.Equal("ran", await house.ShellAsync(sandbox, "printf '#!/bin/sh\\necho ran\\n' > /tmp/x && chmod +x /tmp/x && /tmp/x"));
        Assert.Matches(@"\bnosuid\b.*\bnodev\b", await house.ShellAsync(sandbox, "grep ' /tmp tmpfs ' /proc/mounts"));
    }

    [Fact]
    public async Task Files_go_into_and_out_of_memory()
    {
        await using var house = await SandboxHouse.OpenAsync();
        using var folder = new TemporaryFolder();
        folder.Write("in", "from here");
        var sandbox = await house.CreateAsync();
        await house.Manager.Files.UploadAsync(sandbox, [folder["in"]], "/tmp/in", OperationObserver.None, Limits.Token);
        Assert.Equal("from here", await house.ShellAsync(sandbox, "cat /tmp/in"));
        await house.ShellAsync(sandbox, "echo back > /tmp/out");
        await house.Manager.Files.DownloadAsync(sandbox, "/tmp/out", folder["out"], OperationObserver.None, Limits.Token);
        Assert.Equal("back\n", await File.ReadAllTextAsync(folder["out"], Limits.Token));

        // What only root may touch there, nobody can: the engine would write beside it, and nobody would notice.
        await house.ShellAsync(sandbox, "mkdir -m 700 /tmp/closed && echo x > /tmp/closed/x", user: "root");
        await Failure.ExpectAsync(SandboxError.PathNotUsable, () => house.Manager.Files.UploadAsync(sandbox, [folder["in"]], "/tmp/closed/in", OperationObserver.None, Limits.Token));
        await Failure.ExpectAsync(SandboxError.PathNotUsable, () => house.Manager.Files.DownloadAsync(sandbox, "/tmp/closed/x", folder["x"], OperationObserver.None, Limits.Token));
    }

    [Fact]
    public async Task Without_an_agent_temporary_files_are_on_the_disk_where_the_engine_finds_them()
    {
        await using var house = await SandboxHouse.OpenAsync(hasAgents: false);
        var sandbox = await house.CreateAsync();
        Assert.NotEqual("tmpfs", await house.ShellAsync(sandbox, "df --output=fstype /tmp | tail -1"));
        var failure = await Failure.ExpectAsync(SandboxError.AgentUnavailable, () => house.CreateAsync(Strict));
        Assert.Contains("strict", failure.Message, StringComparison.Ordinal);
        Assert.Single(await house.LeftoversAsync());
    }

    [Fact]
    public async Task A_strict_sandbox_writes_to_its_workspace_and_nowhere_else()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => Strict(options) with { Limits = new ResourceLimits { Memory = 256L << 20, Disk = 20L << 20 } });
        Assert.Equal((IsolationLevel.Strict, "/workspace"), (sandbox.Isolation, sandbox.WorkingDirectory));
        Assert.Equal(["CapBnd:0000000000000000", "CapEff:0000000000000000", "NoNewPrivs:1", "Seccomp:2"], await StatusAsync(house, sandbox));
        Assert.Equal("/workspace /workspace 10000:10000", await house.ShellAsync(sandbox, "echo $PWD $HOME $(stat -c %u:%g .)"));
        Assert.Equal("/ ro", await house.ShellAsync(sandbox, "awk '$2 == \"/\" { split($4, o, \",\"); print $2, o[1] }' /proc/mounts"));

        // It is full when it is full, and everything goes on.
        var full = await house.RunAsync(sandbox, "head -c 40000000 /dev/zero > big");
        Assert.Matches("No space left|File too large", full.Error);
        Assert.Equal("20971520", await house.ShellAsync(sandbox, "stat -c %s big && rm big"));
        Assert.Single(await house.LeftoversAsync()); // what was looked into for the user is gone
    }

    [Fact]
    public async Task A_workspace_never_hides_files_of_the_image()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var failure = await Failure.ExpectAsync(SandboxError.InvalidOption, () => house.CreateAsync(options => Strict(options) with { WorkingDirectory = "/etc" }));
        Assert.Contains("'/etc'", failure.Message, StringComparison.Ordinal);
        failure = await Failure.ExpectAsync(SandboxError.InvalidOption, () => house.CreateAsync(options => Strict(options) with { User = "nobody-here" }));
        Assert.Contains("nobody-here", failure.Message, StringComparison.Ordinal);
        Assert.Empty(await house.LeftoversAsync());
    }

    [Fact]
    public async Task A_relaxed_sandbox_is_an_ordinary_container()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { Isolation = IsolationLevel.Relaxed });
        var status = await StatusAsync(house, sandbox);
        Assert.Equal("NoNewPrivs:0", status[2]);
        Assert.NotEqual("CapBnd:0000000000000000", status[0]);
        Assert.Equal(["CapEff:0000000000000000", "Seccomp:2"], [status[1], status[3]]); // still nobody, and still filtered
    }

    [Fact]
    public async Task A_runtime_that_the_engine_has_is_used_and_another_one_is_refused_before_anything_is_made()
    {
        await using var proxy = new EngineProxy();
        await using var house = await SandboxHouse.OpenAsync(endpoint: proxy.Address);
        var failure = await Failure.ExpectAsync(SandboxError.InvalidOption, () => house.CreateAsync(options => options with { Runtime = "runsc-of-nobody" }));
        Assert.Contains("runsc-of-nobody", failure.Message, StringComparison.Ordinal);
        Assert.Contains("runc", failure.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(proxy.Requests, request => request.StartsWith("POST", StringComparison.Ordinal));

        var sandbox = await house.CreateAsync(options => options with { Runtime = "runc" });
        Assert.Equal("runc", sandbox.Runtime);
        Assert.Equal("runc", (await house.InspectAsync(sandbox)).HostConfig.Runtime);
    }

    [Fact]
    public async Task A_template_says_how_much_memory_its_sandboxes_share()
    {
        using var templates = new TemporaryFolder();
        templates.Write("browser/Dockerfile", $"FROM {await Engine.ImageAsync()}\n");
        templates.Write("browser/template.json", """{ "sharedMemory": "1GiB" }""");
        await using var house = await SandboxHouse.OpenAsync(templates: templates.Path);
        house.Own(await house.Manager.Images.EnsureAsync(house.Manager.Templates.Get("browser"), OperationObserver.None, Limits.Token));
        var sandbox = await house.CreateAsync(options => options with { Image = null, Template = "browser" });
        Assert.Equal("1048576", await house.ShellAsync(sandbox, "df --output=size /dev/shm | tail -1 | xargs"));
    }

    private static async Task<string[]> StatusAsync(SandboxHouse house, Sandbox sandbox) =>
        (await house.ShellAsync(sandbox, "grep -E '^(CapBnd|CapEff|NoNewPrivs|Seccomp):' /proc/self/status | tr -d '\\t' | sort")).Split('\n');
}
