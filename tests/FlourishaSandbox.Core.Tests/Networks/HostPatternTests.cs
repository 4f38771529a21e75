using FlourishaSandbox.Networks;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Networks;

public sealed class HostPatternTests
{
    [Theory]
    [InlineData("example.com", "example.com", true)]
    [InlineData("example.com", "EXAMPLE.com.", true)]
    [InlineData("example.com", "www.example.com", false)]
    [InlineData("example.com", "badexample.com", false)]
    [InlineData("*.example.com", "www.example.com", true)]
    [InlineData("*.example.com", "a.b.example.com", true)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("*.example.com", "badexample.com", false)]
    [InlineData("*.example.com", "example.com.evil.org", false)]
    [InlineData("Registry.NPMjs.org", "registry.npmjs.org", true)]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example", true)]
    public void A_name_means_itself_and_a_star_all_below(string pattern, string host, bool expected) =>
        Assert.Equal(expected, HostPattern.Parse("AllowHost", pattern).Matches(host));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("localhost")]
    [InlineData("*")]
    [InlineData("*.com.")]
    [InlineData("*example.com")]
    [InlineData("a.*.example.com")]
    [InlineData("https://example.com")]
    [InlineData("example.com:443")]
    [InlineData("example.com/path")]
    [InlineData("example..com")]
    [InlineData("-a.example.com")]
    [InlineData("bücher.example")]
    [InlineData("example.com\nhttp_access allow all")]
    [InlineData("example.com,other.com")]
    [InlineData("10.0.0.1")]
    [InlineData("*.0.0.1")]
    [InlineData("0x7f.1")]
    [InlineData("example.0x7f000001")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    public void What_is_no_name_is_refused_and_named(string text)
    {
        var failure = Failure.Expect(SandboxError.InvalidOption, () => HostPattern.Parse("AllowHost", text));
        Assert.Contains($"'{text}'", failure.Message);
        Assert.Contains("example.com", failure.Remedy);
    }

    [Fact]
    public void The_written_form_is_in_lower_case() => Assert.Equal("*.example.com", HostPattern.Parse("AllowHost", "*.Example.COM").ToString());
}
