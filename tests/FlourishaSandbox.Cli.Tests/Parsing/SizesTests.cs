using FlourishaSandbox.Cli.Parsing;

namespace FlourishaSandbox.Cli.Tests.Parsing;

public class SizesTests
{
    [Theory]
    [InlineData("1048576", 1L << 20)]
    [InlineData("2GB", 2L << 30)]
    [InlineData("2g", 2L << 30)]
    [InlineData("2GiB", 2L << 30)]
    [InlineData("512MB", 512L << 20)]
    [InlineData("512mb", 512L << 20)]
    [InlineData("1.5k", 1536)]
    [InlineData("7b", 7)]
    [InlineData("1T", 1L << 40)]
    public void Reads_what_people_write(string text, long bytes)
    {
        Assert.True(Sizes.TryParse(text, out var size));
        Assert.Equal(bytes, size);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GB")]
    [InlineData("-1GB")]
    [InlineData("2 GB")]
    [InlineData("2XB")]
    [InlineData("2bb")]
    [InlineData("9999999999T")]
    public void Refuses_everything_else(string text) => Assert.False(Sizes.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0B")]
    [InlineData(1023, "1023B")]
    [InlineData(1536, "1.5KB")]
    [InlineData(136314880, "130MB")]
    [InlineData(2L << 30, "2GB")]
    public void Writes_them_short(long bytes, string text) => Assert.Equal(text, Sizes.Format(bytes));
}
