using FlourishaSandbox.Cli.Terminal;

namespace FlourishaSandbox.Cli.Tests.Terminal;

public class TimeTextTests
{
    [Theory]
    [InlineData(-5, "0 s")]
    [InlineData(119, "119 s")]
    [InlineData(120, "2 min")]
    [InlineData(7199, "119 min")]
    [InlineData(7200, "2 h")]
    [InlineData(200000, "2 days")]
    public void Says_how_long_in_one_unit(int seconds, string text) => Assert.Equal(text, TimeText.Short(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Says_when_a_sandbox_ends()
    {
        var now = DateTimeOffset.UnixEpoch;
        Assert.Equal("never", TimeText.Deadline(null, now));
        Assert.Equal("in 60 s", TimeText.Deadline(now.AddMinutes(1), now));
        Assert.Equal("60 s ago", TimeText.Deadline(now.AddMinutes(-1), now));
    }
}
