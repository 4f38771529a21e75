using FlourishaSandbox.Cli.Parsing;

namespace FlourishaSandbox.Cli.Tests.Parsing;

public class DurationsTests
{
    [Theory]
    [InlineData("90", 90)]
    [InlineData("0.5", 0.5)]
    [InlineData("1h30m", 5400)]
    [InlineData("24h", 86400)]
    [InlineData("2d", 172800)]
    [InlineData("1d2h3m4s5ms", 93784.005)]
    [InlineData("250ms", 0.25)]
    [InlineData("1.5h", 5400)]
    [InlineData("45s", 45)]
    public void Reads_what_people_write(string text, double seconds)
    {
        Assert.True(Durations.TryParse(text, out var span));
        Assert.Equal(TimeSpan.FromSeconds(seconds), span);
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("30m1h")]
    [InlineData("1h 30m")]
    [InlineData("5w")]
    [InlineData("NaN")]
    [InlineData("1e3")]
    [InlineData("99999d")]
    [InlineData("999999999999")]
    public void Refuses_everything_else(string text) => Assert.False(Durations.TryParse(text, out _));
}
