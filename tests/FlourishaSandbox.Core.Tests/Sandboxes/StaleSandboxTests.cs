using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Sandboxes;

public sealed class StaleSandboxTests
{
    [Theory]
    [InlineData(SandboxState.Running, 60, 1, null, null)]
    [InlineData(SandboxState.Running, 60, 0, null, "deadline")]
    [InlineData(SandboxState.Running, 60, -1, null, "deadline")]
    [InlineData(SandboxState.Suspended, 60, -1, null, "deadline")]
    [InlineData(SandboxState.Suspended, 60, 60, null, null)]
    [InlineData(SandboxState.Stopped, 60, 60, null, "stopped")]
    [InlineData(SandboxState.Dead, 60, 60, null, "remove")]
    [InlineData(SandboxState.Created, 299, 3600, null, null)]
    [InlineData(SandboxState.Created, 300, 3600, null, "never started")]
    [InlineData(SandboxState.Running, 3600, 3600, 3600, "60 min old")]
    [InlineData(SandboxState.Running, 3599, 3600, 3600, null)]
    [InlineData(SandboxState.Created, 60, 3600, 60, "60 s old")]
    public void A_sandbox_is_stale_for_a_reason_that_a_person_understands(SandboxState state, int age, int rest, int? olderThan, string? reason)
    {
        var sandbox = TestData.Sandbox(state: state, age: TimeSpan.FromSeconds(age), rest: TimeSpan.FromSeconds(rest));
        var actual = StaleSandbox.ReasonFor(sandbox, TestData.Now, olderThan is null ? null : TimeSpan.FromSeconds(olderThan.Value));
        if (reason is null)
            Assert.Null(actual);
        else
            Assert.Contains(reason, actual, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_deadline_only_its_age_can_make_a_running_sandbox_stale()
    {
        var sandbox = TestData.Sandbox(age: TimeSpan.FromDays(400));
        Assert.Null(StaleSandbox.ReasonFor(sandbox, TestData.Now, olderThan: null));
        Assert.Equal("it is 400 days old", StaleSandbox.ReasonFor(sandbox, TestData.Now, TimeSpan.FromDays(1)));
    }

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(119, "119 s")]
    [InlineData(120, "2 min")]
    [InlineData(7200, "2 h")]
    [InlineData(172800, "2 days")]
    public void The_time_since_the_deadline_is_told_in_fitting_units(int seconds, string expected)
    {
        var reason = StaleSandbox.ReasonFor(TestData.Sandbox(rest: TimeSpan.FromSeconds(-seconds)), TestData.Now, olderThan: null);
        Assert.Equal($"its deadline passed {expected} ago", reason);
    }
}
