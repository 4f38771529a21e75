using System.Globalization;
using System.Text;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

public sealed class DisplayTests : CmdletTest
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(59, "59s")]
    [InlineData(60, "1m")]
    [InlineData(3599, "59m")]
    [InlineData(3600, "1h")]
    [InlineData(172799, "47h")]
    [InlineData(172800, "2d")]
    public void An_age_has_its_greatest_unit(int seconds, string expected) => Assert.Equal(expected, Display.Age(DateTimeOffset.UtcNow.AddSeconds(-seconds)));

    [Fact]
    public void A_clock_that_is_ahead_makes_no_negative_age() => Assert.Equal("0s", Display.Age(DateTimeOffset.UtcNow.AddMinutes(5)));

    [Fact]
    public void A_deadline_is_ahead_over_or_never()
    {
        Assert.Equal("in 59m", Display.Until(DateTimeOffset.UtcNow.AddMinutes(60).AddSeconds(-1)));
        Assert.Equal("over", Display.Until(DateTimeOffset.UtcNow.AddSeconds(-1)));
        Assert.Equal("never", Display.Until(null));
    }

    [Theory]
    [InlineData("", 1536, "1.5 KB")]
    [InlineData("de-DE", 1536, "1,5 KB")]
    [InlineData("", 1023, "1023 B")]
    [InlineData("", 2L << 30, "2 GB")]
    [InlineData("", 5L << 50, "5120 TB")]
    [InlineData("", 1048575, "1 MB")]
    public void A_size_is_written_as_the_user_writes_numbers(string culture, long bytes, string expected) => Under(culture, () => Assert.Equal(expected, Display.Size(bytes)));

    [Theory]
    [InlineData("", 0.34, "340 ms")]
    [InlineData("", 2.5, "2.5 s")]
    [InlineData("tr-TR", 2.5, "2,5 s")]
    [InlineData("", 0.9999, "1.0 s")]
    public void A_duration_is_milliseconds_or_seconds(string culture, double seconds, string expected) => Under(culture, () => Assert.Equal(expected, Display.Duration(TimeSpan.FromSeconds(seconds))));

    [Theory]
    [InlineData("one", "", "one")]
    [InlineData("one\n", "", "one")]
    [InlineData("\r\n\none\ntwo\n", "", "one…")]
    [InlineData("", "wrong\n", "wrong")]
    [InlineData("out", "wrong", "out")]
    [InlineData("", "", "")]
    [InlineData("\u001b[2Jred\u0007\u009b", "", "\uFFFD[2Jred\uFFFD\uFFFD")]
    public void A_snippet_is_the_first_line_and_cannot_steer_a_terminal(string output, string error, string expected)
    {
        var result = new CommandResult(Encoding.UTF8.GetBytes(output), Encoding.UTF8.GetBytes(error)) { Sandbox = Runtime.Add("t1"), Command = "x" };

        Assert.Equal(expected, Display.Snippet(result));
    }

    [Fact]
    public void Text_of_several_lines_keeps_its_line_breaks_and_nothing_else()
    {
        Assert.Equal("a\tb\r\nc\n\uFFFD[31m\uFFFD", Display.CleanLines("a\tb\r\nc\n\u001b[31m\u009b"));
        Assert.Equal("a\tb\uFFFD\uFFFDc", Display.Clean("a\tb\r\nc"));
    }

    [Fact]
    public void A_snippet_is_cut_at_sixty_characters_and_never_inside_of_one()
    {
        var long61 = new string('x', 59) + "😀😀";
        var result = new CommandResult(Encoding.UTF8.GetBytes(long61)) { Sandbox = Runtime.Add("t1"), Command = "x" };

        var snippet = Display.Snippet(result);

        Assert.Equal(new string('x', 59) + "…", snippet);
    }

    [Fact]
    public void Ports_say_where_they_are_published()
    {
        var sandbox = Runtime.Add("t1");

        Assert.Equal("40000->8000", Display.Ports(sandbox));
        Assert.Equal("base:1", Display.Origin(sandbox));
    }

    [Fact]
    public void Every_failure_has_a_category()
    {
        SandboxError[] unspecific = [SandboxError.EngineFailed, SandboxError.ImageBuildFailed];

        Assert.All(Enum.GetValues<SandboxError>().Except(unspecific), error => Assert.NotEqual(System.Management.Automation.ErrorCategory.NotSpecified, ErrorRecords.CategoryOf(error)));
    }

    private static void Under(string culture, Action assert)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            assert();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
