using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Sandboxes;

public sealed class SandboxSettingsTests
{
    private static SandboxSettings Read(params (string Name, string Value)[] variables) =>
        SandboxSettings.FromEnvironment(name => variables.Where(variable => variable.Name == name).Select(variable => variable.Value).FirstOrDefault());

    [Fact]
    public void Without_variables_ports_are_nobody_else_s_business()
    {
        var settings = Read();
        Assert.Equal("127.0.0.1", settings.PublishAddress);
        Assert.Equal($"{Environment.UserName}@{Environment.MachineName}", settings.Owner);
        Assert.Equal((null, null, null, null), (settings.HostName, settings.TemplatePath, settings.BaseImage, settings.Endpoint));
    }

    [Fact]
    public void Variables_are_read_and_empty_ones_are_none()
    {
        var settings = Read(("FLOURISHA_OWNER", "ci"), ("FLOURISHA_HOST", "box.example.org"), ("FLOURISHA_PUBLISH_ADDRESS", "0.0.0.0"), ("FLOURISHA_TEMPLATES", "/a:/b"), ("FLOURISHA_BASE_IMAGE", "debian"));
        Assert.Equal(("ci", "box.example.org", "0.0.0.0", "/a:/b", "debian"), (settings.Owner, settings.HostName, settings.PublishAddress, settings.TemplatePath, settings.BaseImage));
        Assert.Equal(Read(), Read(("FLOURISHA_OWNER", ""), ("FLOURISHA_HOST", ""), ("FLOURISHA_PUBLISH_ADDRESS", "")));
    }

    [Theory]
    [InlineData("FLOURISHA_HOST", "http://box")]
    [InlineData("FLOURISHA_HOST", "box:8000")]
    [InlineData("FLOURISHA_HOST", "a b")]
    [InlineData("FLOURISHA_PUBLISH_ADDRESS", "localhost")]
    [InlineData("FLOURISHA_PUBLISH_ADDRESS", "everywhere")]
    public void A_wrong_variable_is_named(string name, string value) =>
        Assert.Contains(name, Failure.Expect(SandboxError.InvalidOption, () => Read((name, value))).Message, StringComparison.Ordinal);
}
