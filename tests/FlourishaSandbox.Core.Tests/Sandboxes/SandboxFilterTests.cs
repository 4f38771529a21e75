using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Sandboxes;

public sealed class SandboxFilterTests
{
    private static readonly Sandbox s_sandbox = TestData.Sandbox("web", id: "abcd" + new string('0', 60), metadata: new Dictionary<string, string> { ["task"] = "7", ["who"] = "me" });

    public static TheoryData<bool, SandboxFilter> Filters() => new()
    {
        { true, new() },
        { true, new() { Name = name => name == "web" } },
        { false, new() { Name = name => name == "Web" } },
        { true, new() { Id = "abcd" } },
        { false, new() { Id = "bcd" } },
        { true, new() { State = SandboxState.Running } },
        { false, new() { State = SandboxState.Stopped } },
        { true, new() { Owner = "me@here" } },
        { false, new() { Owner = "me" } },
        { true, new() { Metadata = new Dictionary<string, string> { ["task"] = "7" } } },
        { true, new() { Metadata = new Dictionary<string, string> { ["task"] = "7", ["who"] = "me" } } },
        { false, new() { Metadata = new Dictionary<string, string> { ["task"] = "7", ["who"] = "you" } } },
        { false, new() { Metadata = new Dictionary<string, string> { ["other"] = "" } } },
        { false, new() { Stale = true } },
        { false, new() { Name = name => name == "web", State = SandboxState.Stopped } },
    };

    [Theory]
    [MemberData(nameof(Filters), DisableDiscoveryEnumeration = true)]
    public void Every_condition_has_to_hold(bool expected, SandboxFilter filter) => Assert.Equal(expected, filter.Matches(s_sandbox, TestData.Now));

    [Fact]
    public void Stale_is_judged_by_the_given_time()
    {
        var sandbox = TestData.Sandbox(rest: TimeSpan.FromMinutes(1));
        Assert.False(new SandboxFilter { Stale = true }.Matches(sandbox, TestData.Now));
        Assert.True(new SandboxFilter { Stale = true }.Matches(sandbox, TestData.Now.AddMinutes(1)));
    }
}
