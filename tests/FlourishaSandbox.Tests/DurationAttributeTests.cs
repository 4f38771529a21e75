using System.Globalization;
using System.Management.Automation;

namespace FlourishaSandbox.Tests;

public sealed class DurationAttributeTests
{
    [Theory]
    [InlineData(90, 90)]
    [InlineData(90L, 90)]
    [InlineData(1.5, 1.5)]
    [InlineData("90", 90)]
    [InlineData("1.5", 1.5)]
    [InlineData("90s", 90)]
    [InlineData("1h30m", 5400)]
    [InlineData("2d", 172800)]
    [InlineData("500ms", 0.5)]
    [InlineData("00:30:00", 1800)]
    public void Numbers_are_seconds_and_text_says_its_unit(object value, double seconds)
    {
        foreach (var culture in new[] { "", "tr-TR", "de-DE" })
        {
            var before = CultureInfo.CurrentCulture;
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            try
            {
                Assert.Equal(TimeSpan.FromSeconds(seconds), Transform(value));
                Assert.Equal(TimeSpan.FromSeconds(seconds), Transform(new PSObject(value)));
            }
            finally
            {
                CultureInfo.CurrentCulture = before;
            }
        }
    }

    [Fact]
    public void A_span_stays_what_it_is() => Assert.Equal(TimeSpan.FromTicks(7), Transform(TimeSpan.FromTicks(7)));

    [Fact]
    public void Unlimited_has_no_end() => Assert.Equal(Timeout.InfiniteTimeSpan, Transform("Unlimited"));

    [Theory]
    [InlineData("soon")]
    [InlineData("")]
    [InlineData("1,5")]
    [InlineData("1x")]
    [InlineData(double.NaN)]
    [InlineData(1e300)]
    [InlineData(true)]
    public void Everything_else_is_refused_with_examples(object value)
    {
        var exception = Assert.Throws<ArgumentTransformationMetadataException>(() => Transform(value));

        Assert.Contains($"'{value}'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("1h30m", exception.Message, StringComparison.Ordinal);
    }

    private static object Transform(object value) => new DurationAttribute().Transform(null!, value);
}
