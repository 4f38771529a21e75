using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Isolation;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Isolation;

/// <summary>With the host's firewall, a sandbox as New-Sandbox makes it holds against every attempt. The rules are everybody's, so nothing else runs meanwhile.</summary>
[Trait("Category", Engine.Category)]
[Collection(Alone.Name)]
public sealed class FirewalledIsolationTests
{
    [Fact]
    public async Task Nothing_gets_through_once_the_firewall_is_there()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var firewall = house.Manager.Firewall;
        Assert.SkipWhen(await firewall.IsInstalledAsync(Limits.Token) is not false, "the rules are installed on this machine, or only root could");
        try
        {
            await firewall.InstallAsync(Limits.Token);
            foreach (var level in new[] { IsolationLevel.Standard, IsolationLevel.Strict })
            {
                var sandbox = await house.CreateAsync(options => options with { Isolation = level, Network = NetworkPolicy.Isolated, Limits = new ResourceLimits { Memory = 256L << 20 } });
                var findings = await TestSandboxIsolationTests.TestAsync(house, sandbox);
                Assert.Equal(SandboxIsolation.Attempts.Count, findings.Count);
                Assert.All(findings, finding => Assert.True(finding.Outcome != IsolationOutcome.NotHeld, $"{level}: {finding.Attempt}: {finding.Detail}"));
                Assert.All(findings.Where(finding => finding.Category == IsolationCategory.Network), finding => Assert.Equal(IsolationOutcome.Held, finding.Outcome));
            }
        }
        finally
        {
            await firewall.RemoveAsync(CancellationToken.None);
        }
    }
}
