using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Configuration;

/// <summary>How what a caller says goes above what is configured.</summary>
public sealed class DefaultOptionsTests
{
    private static readonly SandboxOptions s_configured = new() { Template = "mine", Isolation = IsolationLevel.Relaxed, Network = NetworkPolicy.Isolated, AllowHosts = ["a.example.com"], DenyHosts = ["b.example.com"] };

    [Fact]
    public void An_image_takes_the_place_of_the_configured_template()
    {
        Assert.Equal("mine", s_configured.MadeFrom(null, null, null).Template);
        Assert.Equal((null, "debian"), s_configured.MadeFrom(null, "debian", null) is var image ? (image.Template, image.Image) : default);
        Assert.Equal((null, "saved"), s_configured.MadeFrom(null, null, "saved") is var saved ? (saved.Template, saved.Checkpoint) : default);
    }

    [Fact]
    public void Strict_is_not_softened_by_a_network_that_was_configured_for_something_else()
    {
        var options = s_configured.Closed(IsolationLevel.Strict, null, null, null);
        Assert.Equal((IsolationLevel.Strict, null), (options.Isolation, options.Network));
        Assert.Empty(options.AllowHosts);
        Assert.Empty(options.DenyHosts);

        var named = s_configured.Closed(IsolationLevel.Strict, NetworkPolicy.Dedicated, ["c.example.com"], null);
        Assert.Equal(NetworkPolicy.Dedicated, named.Network);
        Assert.Equal(["c.example.com"], named.AllowHosts);
        Assert.Equal(["b.example.com"], named.DenyHosts);
    }

    [Fact]
    public void Without_a_word_the_configured_holds() =>
        Assert.Equal((IsolationLevel.Relaxed, NetworkPolicy.Isolated, 1), s_configured.Closed(null, null, null, null) is var options ? (options.Isolation, options.Network, options.AllowHosts.Count) : default);

    [Fact]
    public void Lists_that_were_configured_beside_strict_stay_and_lists_that_are_named_open_a_way()
    {
        var strict = new SandboxOptions { Isolation = IsolationLevel.Strict, AllowHosts = ["a.example.com"] };
        Assert.Equal(["a.example.com"], strict.Closed(null, null, null, null).AllowHosts);

        var named = new SandboxOptions { Network = NetworkPolicy.None }.Closed(null, null, ["b.example.com"], null);
        named.Validate();
        Assert.Equal((null, "b.example.com"), (named.Network, Assert.Single(named.AllowHosts)));
    }
}
