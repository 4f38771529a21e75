using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Sandboxes;

public sealed class StalenessTests
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
        var actual = Staleness.Judge(sandbox, TestData.Now, olderThan is null ? null : TimeSpan.FromSeconds(olderThan.Value), isAbandoned: false)?.Reason;
        if (reason is null)
            Assert.Null(actual);
        else
            Assert.Contains(reason, actual, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_deadline_only_its_age_can_make_a_running_sandbox_stale()
    {
        var sandbox = TestData.Sandbox(age: TimeSpan.FromDays(400));
        Assert.Null(Staleness.Judge(sandbox, TestData.Now, olderThan: null, isAbandoned: false));
        Assert.Equal("it is 400 days old", Staleness.Judge(sandbox, TestData.Now, TimeSpan.FromDays(1), isAbandoned: false)?.Reason);
    }

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(119, "119 s")]
    [InlineData(120, "2 min")]
    [InlineData(7200, "2 h")]
    [InlineData(172800, "2 days")]
    public void The_time_since_the_deadline_is_told_in_fitting_units(int seconds, string expected)
    {
        var reason = Staleness.Judge(TestData.Sandbox(rest: TimeSpan.FromSeconds(-seconds)), TestData.Now, olderThan: null, isAbandoned: false)?.Reason;
        Assert.Equal($"its deadline passed {expected} ago", reason);
    }

    [Theory]
    [InlineData(null, true, false)]
    [InlineData(0, true, false)]
    [InlineData(30, true, false)]
    [InlineData(600, false, false)]
    public void One_whose_maker_was_killed_is_stale_unless_somebody_prolonged_it(int? later, bool isStale, bool isInUse)
    {
        var made = TestData.Sandbox(rest: TimeSpan.FromMinutes(10));
        var sandbox = later is null ? made : made.With(made.Deadline + TimeSpan.FromSeconds(later.Value));
        var verdict = Staleness.Judge(sandbox, TestData.Now, olderThan: null, isAbandoned: true);
        Assert.Equal(isStale, verdict is not null);
        Assert.Equal(isInUse, verdict?.IsInUse ?? false);
        Assert.Null(Staleness.Judge(sandbox, TestData.Now, olderThan: null, isAbandoned: false));
    }

    [Fact]
    public void One_that_was_given_a_deadline_or_freed_of_it_was_prolonged()
    {
        Assert.Null(Staleness.Judge(TestData.Sandbox().With(TestData.Now + TimeSpan.FromHours(1)), TestData.Now, olderThan: null, isAbandoned: true));
        Assert.Null(Staleness.Judge(TestData.Sandbox(rest: TimeSpan.FromMinutes(1)).With(deadline: null), TestData.Now, olderThan: null, isAbandoned: true));
        Assert.NotNull(Staleness.Judge(TestData.Sandbox().With(deadline: null), TestData.Now, olderThan: null, isAbandoned: true));
    }
}
