using FlourishaSandbox.Host;

namespace FlourishaSandbox.Host.Tests;

/// <summary>Which names are a sandbox's.</summary>
public sealed class SandboxHostTests
{
    private static readonly string[] s_domains = ["localhost", "sandboxes.example.com"];

    [Theory]
    [InlineData("8000-0123456789ab.localhost", 8000, "0123456789ab")]
    [InlineData("8000-0123456789ab.localhost:8080", 8000, "0123456789ab")]
    [InlineData("8000-0123456789AB.LOCALHOST", 8000, "0123456789AB")]
    [InlineData("1-my-app.sandboxes.example.com", 1, "my-app")]
    [InlineData("65535-a.localhost", 65535, "a")]
    public void A_name_has_a_port_and_a_sandbox(string host, int port, string sandbox)
    {
        Assert.True(SandboxHost.TryParse(host, s_domains, out var named));
        Assert.Equal((port, sandbox), (named.Port, named.Sandbox));
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("0123456789ab.localhost")]
    [InlineData("8000-.localhost")]
    [InlineData("-0123456789ab.localhost")]
    [InlineData("0-0123456789ab.localhost")]
    [InlineData("08000-0123456789ab.localhost")]
    [InlineData("65536-0123456789ab.localhost")]
    [InlineData("99999999999-0123456789ab.localhost")]
    [InlineData("+80-0123456789ab.localhost")]
    [InlineData("8000-0123456789ab.localhost.")]
    [InlineData("8000-0123456789ab..localhost")]
    [InlineData("8000-0123456789ab.example.com")]
    [InlineData("8000-0123456789ab.localhost.example.com")]
    [InlineData("8000-0123456789ab.evil.localhost")]
    [InlineData("user@8000-0123456789ab.localhost")]
    [InlineData("8000-0123456789ab.localhost:80:80")]
    [InlineData("8000-0123456789ab.localhost:")]
    [InlineData("8000-0123456789ab.localhost:x")]
    [InlineData("8000-0123456789ab.localhost, 8001-a.localhost")]
    [InlineData("8000_0123456789ab.localhost")]
    [InlineData("8000-my_app.localhost")]
    [InlineData("８０００-0123456789ab.localhost")]
    [InlineData("8000-0123456789ab.ⅼocalhost")]
    [InlineData(" 8000-0123456789ab.localhost")]
    [InlineData("169.254.169.254")]
    [InlineData("[::1]:8080")]
    public void What_is_nearly_a_name_is_none(string host) => Assert.False(SandboxHost.TryParse(host, s_domains, out _));
}
