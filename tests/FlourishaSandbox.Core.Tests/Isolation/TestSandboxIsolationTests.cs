using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Isolation;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Isolation;

/// <summary>The test of isolation passes on what New-Sandbox makes, leaves it alive, and leaves nothing behind.</summary>
[Trait("Category", Engine.Category)]
public sealed class TestSandboxIsolationTests
{
    private static readonly string[] OnlyStrict = ["root-files", "trace", "io-uring", "workspace"];
    private static readonly string[] OnlyHardened = ["host-mounts", "mknod", "user", "capabilities", "new-privileges", "raw-socket", "packet-socket", "temporary-files"];

    // What the host's firewall closes, where it is there.
    private static readonly string[] Firewalled = ["host-services", "metadata", "private-networks"];

    [Theory]
    [InlineData(IsolationLevel.Standard, NetworkPolicy.Isolated)]
    [InlineData(IsolationLevel.Strict, NetworkPolicy.Isolated)]
    [InlineData(IsolationLevel.Relaxed, NetworkPolicy.Isolated)]
    [InlineData(IsolationLevel.Standard, NetworkPolicy.Internal)]
    [InlineData(IsolationLevel.Standard, NetworkPolicy.Dedicated)]
    [InlineData(IsolationLevel.Standard, NetworkPolicy.None)]
    [InlineData(IsolationLevel.Strict, null)]
    public async Task A_sandbox_holds_what_its_isolation_promises(IsolationLevel level, NetworkPolicy? network)
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { Isolation = level, Network = network, Limits = new ResourceLimits { Memory = 256L << 20, Disk = 128L << 20 } });
        await house.ShellAsync(sandbox, "echo kept > /tmp/kept");
        var findings = await TestAsync(house, sandbox);

        Assert.Equal(SandboxIsolation.Attempts, findings.Select(finding => finding.Attempt));
        string[] unpromised = level switch
        {
            IsolationLevel.Standard => OnlyStrict,
            IsolationLevel.Relaxed => [.. OnlyStrict, .. OnlyHardened],
            _ => ["disk"], // all that it can write to is memory
        };
        foreach (var finding in findings)
        {
            var expected = unpromised.Contains(finding.Attempt) ? IsolationOutcome.NotTried : IsolationOutcome.Held;
            if (sandbox.Network != NetworkPolicy.None && Firewalled.Contains(finding.Attempt) && finding.Outcome == IsolationOutcome.NotHeld)
                Assert.Contains("Install-SandboxFirewall", finding.Remedy, StringComparison.Ordinal);
            else
                Assert.True(expected == finding.Outcome, $"{finding.Attempt}: {finding.Outcome}: {finding.Detail}");

            Assert.NotEmpty(finding.Detail);
        }

        // It lives, has lost nothing, and is the only one.
        Assert.Equal("kept", await house.ShellAsync(sandbox, "cat /tmp/kept; ls -A /tmp /dev/shm | grep flourisha || true"));
        Assert.Equal("/" + sandbox.Name, Assert.Single(await house.LeftoversAsync(), left => left.StartsWith('/'))); // beside its own network
    }

    [Fact]
    public async Task Only_the_attempts_that_are_wanted_are_made()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        Assert.Equal(["mount", "bpf"], (await TestAsync(house, sandbox, "mount", "bpf", "no-such-attempt")).Select(finding => finding.Attempt));
    }

    [Fact]
    public async Task Nothing_is_left_when_it_is_ended_in_the_middle()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Limits.Token);
        var seen = new List<string>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var finding in house.Manager.Isolation.TestAsync(sandbox, name => name is "other-sandbox" or "processes" or "memory", OperationObserver.None, cancellation.Token))
            {
                seen.Add(finding.Attempt);
                cancellation.CancelAfter(finding.Attempt == "processes" ? 50 : Timeout.Infinite);
            }
        });

        Assert.Equal(["other-sandbox", "processes"], seen);
        Assert.Equal("/" + sandbox.Name, Assert.Single(await house.LeftoversAsync()));
        Assert.Equal("0", await house.ShellAsync(sandbox, "grep -l flourisha-probe /proc/[0-9]*/comm 2> /dev/null | wc -l"));
    }

    [Fact]
    public async Task Without_an_agent_or_a_life_there_is_nothing_to_be_tested()
    {
        await using var house = await SandboxHouse.OpenAsync(hasAgents: false);
        var bare = await house.CreateAsync();
        await Failure.ExpectAsync(SandboxError.AgentUnavailable, () => TestAsync(house, bare));
        await house.Client.Containers.KillAsync(bare.Id, "SIGKILL", Limits.Token);
        await house.Client.Containers.WaitAsync(bare.Id, Limits.Token);
        await Failure.ExpectAsync(SandboxError.SandboxNotRunning, async () => await TestAsync(house, await house.AgainAsync(bare)));
    }

    internal static async Task<List<IsolationFinding>> TestAsync(SandboxHouse house, Sandbox sandbox, params string[] attempts)
    {
        List<IsolationFinding> findings = [];
        await foreach (var finding in house.Manager.Isolation.TestAsync(sandbox, name => attempts.Length == 0 || attempts.Contains(name), OperationObserver.None, Limits.Token))
            findings.Add(finding);

        return findings;
    }
}
