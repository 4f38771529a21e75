using System.Text.Json;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Files;
using FlourishaSandbox.Isolation;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Isolation;

/// <summary>What the profiles say, and what becomes of it in a request to the engine.</summary>
public sealed class IsolationProfileTests
{
    private static readonly ImageUser User = new(new FileOwner(1000, 1001), "/home/coder");

    // What a program in a strict sandbox must never reach the kernel with.
    private static readonly string[] Forbidden =
    [
        "ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd", "mount", "umount2", "pivot_root", "chroot", "fsopen", "fsmount", "fsconfig", "fspick",
        "move_mount", "open_tree", "mount_setattr", "bpf", "keyctl", "add_key", "request_key", "userfaultfd", "kexec_load", "kexec_file_load", "unshare", "setns",
        "io_uring_setup", "io_uring_enter", "io_uring_register", "perf_event_open", "open_by_handle_at", "name_to_handle_at", "init_module", "finit_module", "delete_module",
        "reboot", "swapon", "swapoff", "acct", "quotactl", "syslog", "iopl", "ioperm", "modify_ldt", "settimeofday", "clock_settime", "adjtimex", "sethostname",
        "setdomainname", "vhangup", "fanotify_init", "lookup_dcookie", "move_pages", "migrate_pages", "mbind", "process_madvise", "socketcall", "uselib", "nfsservctl",
    ];

    [Fact]
    public void The_filter_is_an_allow_list_for_both_processors_and_forbids_what_escapes_are_made_of()
    {
        using var filter = JsonDocument.Parse(SystemCallFilter.Strict);
        var root = filter.RootElement;
        Assert.Equal("SCMP_ACT_ERRNO", root.GetProperty("defaultAction").GetString());
        Assert.Equal(["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"], root.GetProperty("archMap").EnumerateArray().Select(map => map.GetProperty("architecture").GetString()));

        var allowed = Rules(root).Where(rule => rule.Action == "SCMP_ACT_ALLOW").ToList();
        Assert.Empty(Forbidden.Intersect(allowed.SelectMany(rule => rule.Names)));
        Assert.All(["execve", "openat", "futex", "epoll_wait", "connect", "getrandom", "statx", "rseq"], name => Assert.Contains(allowed, rule => rule.Names.Contains(name)));

        // Never without a condition: what they can do depends on what they are asked for.
        Assert.All(["clone", "socket", "personality"], name => Assert.All(allowed.Where(rule => rule.Names.Contains(name)), rule => Assert.True(rule.IsConditional)));
        Assert.DoesNotContain(allowed, rule => rule.Names.Contains("clone3"));
        var names = Rules(root).SelectMany(rule => rule.Names).Where(name => name is not ("socket" or "personality")).ToList();
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public void The_standard_one_drops_everything_and_keeps_temporary_files_in_bounds()
    {
        var config = Apply(new SandboxOptions());
        Assert.Equal(["ALL"], config.CapDrop);
        Assert.Equal(["no-new-privileges"], config.SecurityOpt);
        Assert.Equal((false, 64L << 20, null), (config.ReadonlyRootfs ?? true, config.ShmSize, config.Privileged));
        var (path, options) = Assert.Single(config.Tmpfs!);
        Assert.Equal("/tmp", path);
        Assert.Equal("rw,exec,nosuid,nodev,size=1073741824,nr_inodes=262144,mode=1777", options);

        // Nothing that the engine masks by itself is unmasked.
        Assert.Null(config.MaskedPaths);
        Assert.Null(config.ReadonlyPaths);
    }

    [Fact]
    public void The_strict_one_has_a_root_that_cannot_be_written_and_three_folders_that_can()
    {
        var config = Apply(new SandboxOptions { Isolation = IsolationLevel.Strict, Limits = new ResourceLimits { Memory = 1L << 30 } }, User);
        Assert.True(config.ReadonlyRootfs);
        Assert.Equal(["no-new-privileges", $"seccomp={SystemCallFilter.Strict}"], config.SecurityOpt);
        Assert.Equal(
            [
                ("/home/coder", "rw,exec,nosuid,nodev,size=134217728,nr_inodes=32768,mode=0755,uid=1000,gid=1001"),
                ("/tmp", "rw,exec,nosuid,nodev,size=134217728,nr_inodes=32768,mode=1777"),
                ("/workspace", "rw,exec,nosuid,nodev,size=536870912,nr_inodes=131072,mode=0755,uid=1000,gid=1001"),
            ],
            config.Tmpfs!.OrderBy(folder => folder.Key, StringComparer.Ordinal).Select(folder => (folder.Key, folder.Value)));
        Assert.Equal(NetworkPolicy.None, IsolationProfile.For(IsolationLevel.Strict).Network);
    }

    [Fact]
    public void The_workspace_is_as_large_as_the_disk_that_was_asked_for()
    {
        var limits = new ResourceLimits { Disk = 300L << 20 };
        var config = Apply(new SandboxOptions { Isolation = IsolationLevel.Strict, Limits = limits }, User);
        Assert.Contains("size=314572800,", config.Tmpfs!["/workspace"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_volume_goes_before_a_folder_in_memory()
    {
        var config = Apply(new SandboxOptions { Isolation = IsolationLevel.Strict, Volumes = [SandboxVolume.Parse("data:/workspace/:rw")] }, User);
        Assert.Equal(["/home/coder", "/tmp"], config.Tmpfs!.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_relaxed_one_is_an_ordinary_container_and_no_more()
    {
        var config = Apply(new SandboxOptions { Isolation = IsolationLevel.Relaxed });
        Assert.Null(config.CapDrop);
        Assert.Empty(config.SecurityOpt!);
        Assert.Empty(config.Tmpfs!);
        Assert.Null(config.Privileged);
    }

    [Fact]
    public void Without_an_agent_nothing_is_in_memory_where_the_engine_would_not_see_it() =>
        Assert.Null(IsolationMapping.Apply(Specify(new SandboxOptions()), hasAgent: false, user: null, new HostConfig()).Tmpfs);

    [Fact]
    public void A_user_without_a_home_has_the_workspace_for_one_unless_it_names_another()
    {
        var homeless = User with { Home = null };
        var specification = Specify(new SandboxOptions { Isolation = IsolationLevel.Strict });
        Assert.Equal("/workspace", IsolationMapping.Environment(specification, homeless)["HOME"]);
        Assert.False(IsolationMapping.Environment(specification, User).ContainsKey("HOME"));
        Assert.Equal("/x", IsolationMapping.Environment(specification with { Environment = new Dictionary<string, string> { ["HOME"] = "/x" } }, homeless)["HOME"]);
        Assert.False(IsolationMapping.Environment(Specify(new SandboxOptions()), user: null).ContainsKey("HOME"));
    }

    [Theory]
    [InlineData("/workspace", true)]
    [InlineData("/workspace/", true)]
    [InlineData("/workspace/a/b", true)]
    [InlineData("/workspaces", false)]
    [InlineData("/", false)]
    public void A_folder_holds_what_is_below_it(string path, bool holds) =>
        Assert.Equal(holds, new MemoryFolder("/workspace/", 1).Holds(path));

    [Fact]
    public void The_sizes_of_folders_are_read_back() =>
        Assert.Equal([new MemoryFolder("/a", 5), new MemoryFolder("/b", 0)], MemoryFolder.Read(new Dictionary<string, string> { ["/a"] = "rw,size=5,mode=1777", ["/b"] = "rw" }));

    [Fact]
    public void What_a_level_does_not_allow_is_refused_at_once()
    {
        var strict = new SandboxOptions { Isolation = IsolationLevel.Strict };
        var failure = Failure.Expect(SandboxError.InvalidOption, () => (strict with { Volumes = [SandboxVolume.Parse("host:/srv:/data")] }).Validate());
        Assert.Contains("host:/srv:/data", failure.Message, StringComparison.Ordinal);
        foreach (var root in new[] { "root", "0", "00", "0:0", "root:users" })
            Failure.Expect(SandboxError.InvalidOption, () => (strict with { User = root }).Validate());

        Failure.Expect(SandboxError.InvalidOption, () => new SandboxOptions { Isolation = (IsolationLevel)7 }.Validate());
        foreach (var runtime in new[] { "", " ", "-x", "a b", "../x", new string('a', 65) })
            Failure.Expect(SandboxError.InvalidOption, () => new SandboxOptions { Runtime = runtime }.Validate());

        (strict with { Volumes = [SandboxVolume.Parse("data:/data")], User = "coder", Runtime = "io.containerd.kata.v2" }).Validate();
        new SandboxOptions { Volumes = [SandboxVolume.Parse("host:/srv:/data")], User = "root" }.Validate();
    }

    private static HostConfig Apply(SandboxOptions options, ImageUser? user = null) => IsolationMapping.Apply(Specify(options), hasAgent: true, user, new HostConfig());

    private static SandboxSpecification Specify(SandboxOptions options) => new()
    {
        Name = "one",
        Image = "image:1",
        Owner = "me@here",
        CreatedAt = TestData.Now,
        Limits = options.Limits,
        Isolation = options.Isolation,
        WorkingDirectory = "/workspace",
        Volumes = options.Volumes,
        PublishAddress = "127.0.0.1",
    };

    private static IEnumerable<(string Action, List<string> Names, bool IsConditional)> Rules(JsonElement root) =>
        root.GetProperty("syscalls").EnumerateArray().Select(rule => (
            rule.GetProperty("action").GetString()!,
            rule.GetProperty("names").EnumerateArray().Select(name => name.GetString()!).ToList(),
            rule.TryGetProperty("args", out var arguments) && arguments.GetArrayLength() > 0));
}
