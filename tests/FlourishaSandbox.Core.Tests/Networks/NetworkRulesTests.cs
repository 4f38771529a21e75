using FlourishaSandbox.Networks;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Networks;

public sealed class NetworkRulesTests
{
    [Theory]
    [InlineData(IsolationLevel.Standard, null, NetworkPolicy.Isolated)]
    [InlineData(IsolationLevel.Strict, null, NetworkPolicy.None)]
    [InlineData(IsolationLevel.Strict, NetworkPolicy.Internal, NetworkPolicy.Internal)]
    [InlineData(IsolationLevel.Relaxed, NetworkPolicy.Dedicated, NetworkPolicy.Dedicated)]
    public void The_network_is_the_named_one_or_what_the_isolation_says(IsolationLevel isolation, NetworkPolicy? network, NetworkPolicy expected) =>
        Assert.Equal(expected, NetworkRules.PolicyFor(new SandboxOptions { Isolation = isolation, Network = network }));

    [Theory]
    [InlineData(IsolationLevel.Standard, null)]
    [InlineData(IsolationLevel.Strict, null)]
    [InlineData(IsolationLevel.Standard, NetworkPolicy.Isolated)]
    public void A_list_of_hosts_takes_a_network_of_its_own(IsolationLevel isolation, NetworkPolicy? network) =>
        Assert.Equal(NetworkPolicy.Dedicated, NetworkRules.PolicyFor(new SandboxOptions { Isolation = isolation, Network = network, DenyHosts = ["example.com"] }));

    [Theory]
    [InlineData(NetworkPolicy.None)]
    [InlineData(NetworkPolicy.Internal)]
    public void Without_a_way_out_a_list_of_hosts_is_refused(NetworkPolicy network)
    {
        var failure = Failure.Expect(SandboxError.InvalidOption, new SandboxOptions { Network = network, AllowHosts = ["example.com"] }.Validate);
        Assert.Contains(network.ToString(), failure.Message);
    }

    [Fact]
    public void A_port_without_a_network_is_refused_and_strictness_is_named_as_the_reason()
    {
        Assert.Contains("without a network", Failure.Expect(SandboxError.InvalidOption, new SandboxOptions { Network = NetworkPolicy.None, Ports = [8000] }.Validate).Message);
        Assert.Contains("strict", Failure.Expect(SandboxError.InvalidOption, new SandboxOptions { Isolation = IsolationLevel.Strict, Ports = [8000] }.Validate).Message);
        new SandboxOptions { Isolation = IsolationLevel.Strict, Network = NetworkPolicy.Internal, Ports = [8000] }.Validate();
    }

    [Fact]
    public void Hosts_are_checked_before_anything_is_made()
    {
        Assert.Contains("DenyHost 'http://x.org'", Failure.Expect(SandboxError.InvalidOption, new SandboxOptions { DenyHosts = ["http://x.org"] }.Validate).Message);
        Failure.Expect(SandboxError.InvalidOption, new SandboxOptions { AllowHosts = [.. Enumerable.Range(0, 501).Select(i => $"h{i}.example.com")] }.Validate);
    }
}
