using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Enforcement;

public sealed class LimitThresholdTests
{
    [Theory]
    [InlineData(LimitKind.Memory, "90%", 90, true)]
    [InlineData(LimitKind.Memory, " 12.5 % ", 12.5, true)]
    [InlineData(LimitKind.Memory, "512MB", 512 << 20, false)]
    [InlineData(LimitKind.Disk, "1048576", 1048576, false)]
    [InlineData(LimitKind.Cpu, "100%", 100, true)]
    [InlineData(LimitKind.Cpu, "1.5", 1.5, false)]
    [InlineData(LimitKind.Processes, "200", 200, false)]
    public void Shares_and_amounts_are_read(LimitKind kind, string text, double value, bool isPercent) =>
        Assert.Equal(new LimitThreshold(kind, value, isPercent), LimitThreshold.Parse(kind, text));

    [Theory]
    [InlineData(LimitKind.Memory, "0%", "Memory '0%'")]
    [InlineData(LimitKind.Memory, "101%", "Memory '101%'")]
    [InlineData(LimitKind.Memory, "-5%", "Memory '-5%'")]
    [InlineData(LimitKind.Memory, "%", "Memory '%'")]
    [InlineData(LimitKind.Memory, "much", "Memory 'much'")]
    [InlineData(LimitKind.Memory, "0", "Memory '0'")]
    [InlineData(LimitKind.Disk, "", "Disk ''")]
    [InlineData(LimitKind.Cpu, "2 cores", "Cpu '2 cores'")]
    [InlineData(LimitKind.Cpu, "NaN", "Cpu 'NaN'")]
    [InlineData(LimitKind.Processes, "1.5", "PidLimit '1.5'")]
    public void What_is_neither_is_refused_by_name_and_with_a_remedy(LimitKind kind, string text, string named)
    {
        var failure = Assert.Throws<SandboxException>(() => LimitThreshold.Parse(kind, text));

        Assert.Equal(SandboxError.InvalidOption, failure.Error);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Contains("for example", failure.Remedy, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_policy_needs_something_to_watch_and_sane_spans()
    {
        var thresholds = LimitPolicy.ReadThresholds("90%", null, null, "10");
        Assert.Equal([LimitKind.Memory, LimitKind.Processes], thresholds.Select(threshold => threshold.Kind));

        var policy = new LimitPolicy { Thresholds = thresholds };
        policy.Validate();
        Assert.Throws<SandboxException>(() => new LimitPolicy().Validate());
        Assert.Throws<SandboxException>(() => (policy with { Interval = TimeSpan.Zero }).Validate());
        Assert.Throws<SandboxException>(() => (policy with { For = TimeSpan.FromSeconds(-1) }).Validate());
        Assert.Throws<SandboxException>(() => (policy with { Count = 0 }).Validate());
        Assert.Throws<SandboxException>(() => (policy with { Timeout = TimeSpan.Zero }).Validate());
    }

    [Fact]
    public void One_look_is_enough_unless_it_has_to_last()
    {
        Assert.Equal(1, LimitPolicy.CountFor(TimeSpan.FromSeconds(1), TimeSpan.Zero));
        Assert.Equal(11, LimitPolicy.CountFor(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)));
        Assert.Equal(5, LimitPolicy.CountFor(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10)));
    }
}
