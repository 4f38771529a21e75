using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Sandboxes;

public sealed class SandboxOptionsTests
{
    [Fact]
    public void What_is_not_said_is_safe_and_small()
    {
        var options = new SandboxOptions();
        options.Validate();
        Assert.Equal((2L << 30, 2.0, 256, 65536), (options.Limits.Memory, options.Limits.Cpus, options.Limits.PidLimit, options.Limits.OpenFileLimit));
        Assert.Equal(TimeSpan.FromHours(1), options.Timeout);
        Assert.Empty(options.Volumes);
        Assert.Empty(options.Ports);
    }

    [Fact]
    public void Everything_at_its_limits_is_accepted()
    {
        new SandboxOptions
        {
            Image = "debian",
            Name = "a" + new string('.', 62),
            Limits = new ResourceLimits { Memory = ResourceLimits.MinimumMemory, Cpus = 0.01, PidLimit = 1 },
            Timeout = TimeSpan.FromSeconds(1),
            Ports = [1, 65535],
            WorkingDirectory = "/",
            User = "1000:users",
            Environment = new Dictionary<string, string> { ["with space"] = "=\n\t'\"" },
            Metadata = new Dictionary<string, string> { ["a/b.c_d-e"] = "" },
            Volumes = [SandboxVolume.Parse("one:/a"), SandboxVolume.Parse("one:/b")],
        }.Validate();
        new SandboxOptions { Limits = new ResourceLimits { Cpus = 1024, PidLimit = 4194304, Memory = long.MaxValue }, Timeout = TimeSpan.FromDays(3650) }.Validate();
        new SandboxOptions { Timeout = Timeout.InfiniteTimeSpan }.Validate();
        new SandboxOptions { Timeout = TimeSpan.FromHours(24) }.Validate();
    }

    public static TheoryData<string, string, SandboxOptions> Wrong() => new()
    {
        { "Image", "debian", new() { Template = "minimal", Image = "debian" } },
        { "Image", "", new() { Image = "" } },
        { "Image", " ", new() { Image = " " } },
        { "Memory", "16777215", new() { Limits = new() { Memory = ResourceLimits.MinimumMemory - 1 } } },
        { "Memory", "-1", new() { Limits = new() { Memory = -1 } } },
        { "Cpu", "0", new() { Limits = new() { Cpus = 0 } } },
        { "Cpu", "1025", new() { Limits = new() { Cpus = 1025 } } },
        { "Cpu", "NaN", new() { Limits = new() { Cpus = double.NaN } } },
        { "Cpu", "Infinity", new() { Limits = new() { Cpus = double.PositiveInfinity } } },
        { "PidLimit", "0", new() { Limits = new() { PidLimit = 0 } } },
        { "PidLimit", "-1", new() { Limits = new() { PidLimit = -1 } } },
        { "PidLimit", "4194305", new() { Limits = new() { PidLimit = 4194305 } } },
        { "Timeout", "00:00:00", new() { Timeout = TimeSpan.Zero } },
        { "Timeout", "00:00:00.9990000", new() { Timeout = TimeSpan.FromMilliseconds(999) } },
        { "Timeout", "-00:00:01", new() { Timeout = TimeSpan.FromSeconds(-1) } },
        { "Timeout", "3650.00:00:01", new() { Timeout = TimeSpan.FromDays(3650) + TimeSpan.FromSeconds(1) } },
        { "Port", "0", new() { Ports = [80, 0] } },
        { "Port", "65536", new() { Ports = [65536] } },
        { "WorkingDirectory", "relative", new() { WorkingDirectory = "relative" } },
        { "WorkingDirectory", "", new() { WorkingDirectory = "" } },
        { "WorkingDirectory", "/a", new() { WorkingDirectory = "/a\0b" } },
        { "User", "-x", new() { User = "-x" } },
        { "User", "a b", new() { User = "a b" } },
        { "User", "a:b:c", new() { User = "a:b:c" } },
        { "User", "", new() { User = "" } },
        { "User", "root\n", new() { User = "root\n" } },
        { "Environment", "", new() { Environment = new Dictionary<string, string> { [""] = "x" } } },
        { "Environment", "A=B", new() { Environment = new Dictionary<string, string> { ["A=B"] = "x" } } },
        { "Environment", "A", new() { Environment = new Dictionary<string, string> { ["A"] = "x\0y" } } },
        { "Environment", "A", new() { Environment = new Dictionary<string, string> { ["A"] = null! } } },
        { "Metadata", "key", new() { Metadata = new Dictionary<string, string> { ["key"] = null! } } },
        { "Metadata", "", new() { Metadata = new Dictionary<string, string> { [""] = "x" } } },
        { "Metadata", "a b", new() { Metadata = new Dictionary<string, string> { ["a b"] = "x" } } },
        { "Metadata", "a=b", new() { Metadata = new Dictionary<string, string> { ["a=b"] = "x" } } },
        { "Metadata", "kkkk", new() { Metadata = new Dictionary<string, string> { [new string('k', 129)] = "x" } } },
        { "Volume", "/data", new() { Volumes = [SandboxVolume.Parse("one:/data"), SandboxVolume.Parse("two:/data/")] } },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void A_wrong_value_is_named_with_its_option_and_a_way_out(string option, string value, SandboxOptions options)
    {
        var failure = Failure.Expect(SandboxError.InvalidOption, options.Validate);
        Assert.StartsWith(option, failure.Message, StringComparison.Ordinal);
        Assert.Contains(value, failure.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(failure.Remedy));
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("A-1_b.c")]
    [InlineData("0x")]
    public void A_name_is_what_the_engine_takes(string name) => SandboxName.Validate(name);

    [Theory]
    [InlineData("")]
    [InlineData("a")] // the engine wants two characters
    [InlineData("-a")]
    [InlineData(".a")]
    [InlineData("_a")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("../x")]
    [InlineData("a\n")]
    [InlineData("ä1")]
    [InlineData("a*")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")] // 64
    public void No_name_is_what_the_engine_or_a_path_would_take_otherwise(string name) =>
        Failure.Expect(SandboxError.InvalidOption, () => SandboxName.Validate(name));

    [Fact]
    public void Made_names_are_valid_and_differ()
    {
        var names = Enumerable.Range(0, 1000).Select(_ => SandboxName.Create()).ToList();
        names.ForEach(SandboxName.Validate);
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches(@"\Asandbox-[a-z2-9]{8}\z", name));
    }

    [Fact]
    public void Several_are_numbered_and_all_are_checked_before_any_is_made()
    {
        Assert.Equal(["t-1", "t-2", "t-3"], new SandboxOptions { Name = "t" }.Repeat(3).Select(each => each.Name));
        Assert.Equal(["tt"], new SandboxOptions { Name = "tt" }.Repeat(1).Select(each => each.Name));
        Assert.Equal([null, null], new SandboxOptions().Repeat(2).Select(each => each.Name));
        var failure = Assert.Throws<SandboxException>(() => new SandboxOptions { Name = new string('x', SandboxName.MaximumLength - 1) }.Repeat(2));
        Assert.Equal(SandboxError.InvalidOption, failure.Error);
    }
}
