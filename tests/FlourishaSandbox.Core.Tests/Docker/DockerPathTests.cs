using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Core.Tests.Docker;

public sealed class DockerPathTests
{
    [Fact]
    public void What_comes_from_a_caller_is_escaped()
    {
        var path = new DockerPath("containers", "a/../b?x=1#&%2F ü", "json").With("name", "c&d=e f+g").With("size", true).With("all", false).With("t", (long?)5).With("none", (string?)null);
        Assert.Equal("/containers/a%2F..%2Fb%3Fx%3D1%23%26%252F%20%C3%BC/json?name=c%26d%3De%20f%2Bg&size=1&t=5", path.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    public void A_name_that_HTTP_would_swallow_is_refused(string name)
    {
        Assert.Contains($"'{name}'", Assert.Throws<ArgumentException>(() => new DockerPath("containers", name, "json")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Filters_gather_the_values_of_a_key()
    {
        var filters = new DockerFilters().Add("label", "a=\"b\"").Add("name", "x").Add("label", "c");
        Assert.Equal(2, filters.Count);
        using var json = System.Text.Json.JsonDocument.Parse(filters.ToJson());
        Assert.Equal(["a=\"b\"", "c"], json.RootElement.GetProperty("label").EnumerateArray().Select(value => value.GetString()!));
        Assert.Equal(["x"], json.RootElement.GetProperty("name").EnumerateArray().Select(value => value.GetString()!));
        Assert.Equal("/networks", new DockerPath("networks").With(new DockerFilters()).ToString());
    }

    [Theory]
    [InlineData("alpine", false)]
    [InlineData("alpine:3", true)]
    [InlineData("localhost:5000/alpine", false)]
    [InlineData("localhost:5000/alpine:3", true)]
    [InlineData("alpine@sha256:00", true)]
    public void A_registry_s_port_is_no_tag(string reference, bool hasTag)
    {
        Assert.Equal(hasTag, DockerImages.HasTagOrDigest(reference));
    }
}
