using FlourishaSandbox.Cli.Terminal;

namespace FlourishaSandbox.Cli.Tests.Terminal;

public class TimeTextTests
{
    [Fact]
    public void Says_when_a_sandbox_ends()
    {
        var now = DateTimeOffset.UnixEpoch;
        Assert.Equal("never", TimeText.Deadline(null, now));
        Assert.Equal("in 60 s", TimeText.Deadline(now.AddMinutes(1), now));
        Assert.Equal("60 s ago", TimeText.Deadline(now.AddMinutes(-1), now));
    }
}
