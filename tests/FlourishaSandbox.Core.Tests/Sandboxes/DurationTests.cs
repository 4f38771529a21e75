using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Sandboxes;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90", 90)]
    [InlineData("0", 0)]
    [InlineData("1.5", 1.5)]
    [InlineData("90s", 90)]
    [InlineData("5m", 300)]
    [InlineData("1h30m", 5400)]
    [InlineData("2d", 172800)]
    [InlineData("1d1h1m1s", 90061)]
    [InlineData("500ms", 0.5)]
    [InlineData("1s500ms", 1.5)]
    [InlineData("1.5h", 5400)]
    [InlineData(" 10S ", 10)]
    [InlineData("00:30:00", 1800)]
    [InlineData("1.00:00:00", 86400)]
    public void Spans_are_read_as_people_write_them(string text, double seconds)
    {
        Assert.True(Duration.TryParse(text, out var span));
        Assert.Equal(TimeSpan.FromSeconds(seconds), span);
    }

    [Theory]
    [InlineData("unlimited")]
    [InlineData("Unlimited")]
    public void Unlimited_is_no_end(string text)
    {
        Assert.True(Duration.TryParse(text, out var span));
        Assert.Equal(Timeout.InfiniteTimeSpan, span);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("x")]
    [InlineData("5x")]
    [InlineData("m")]
    [InlineData("30m1h")]
    [InlineData("1h 30m")]
    [InlineData("-5")]
    [InlineData("-5s")]
    [InlineData("1e3")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1,000")]
    [InlineData("٣s")] // digits, but not those that a number is parsed from
    [InlineData("99999999999999999999")]
    [InlineData("99:99:99")]
    [InlineData("-00:00:00.001")]
    [InlineData("1:2:3:4:5")]
    public void Anything_else_is_refused_without_an_exception(string? text) => Assert.False(Duration.TryParse(text, out _));

    [Fact]
    public void Seconds_that_no_span_holds_are_refused()
    {
        Assert.False(Duration.TryFromSeconds(double.MaxValue, out _));
        Assert.False(Duration.TryFromSeconds(double.NaN, out _));
        Assert.False(Duration.TryFromSeconds(-0.001, out _));
        Assert.False(Duration.TryFromSeconds(TimeSpan.MaxValue.TotalSeconds, out _));
        Assert.True(Duration.TryFromSeconds(1e11, out _));
    }

    [Theory]
    [InlineData(-5, "0 s")]
    [InlineData(119, "119 s")]
    [InlineData(120, "2 min")]
    [InlineData(7199, "119 min")]
    [InlineData(7200, "2 h")]
    [InlineData(200000, "2 days")]
    public void Says_how_long_in_one_unit(int seconds, string text) => Assert.Equal(text, Duration.Describe(TimeSpan.FromSeconds(seconds)));
}
