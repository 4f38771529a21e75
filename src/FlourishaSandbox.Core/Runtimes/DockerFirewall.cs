using System.Net.NetworkInformation;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Firewall;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>The rules on the machine of a Docker Engine, which has to be this one.</summary>
/// <param name="client">The engine.</param>
/// <param name="tool">What changes rules; null for iptables.</param>
internal sealed class DockerFirewall(DockerClient client, IptablesTool? tool = null) : ISandboxFirewall
{
    // Another process may change the same rules between our look and our step, which then fails as a whole.
    private const int Attempts = 3;

    private readonly IptablesTool _tool = tool ?? new IptablesTool();

    private static bool IsRoot => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FirewallRule>> PlanAsync(CancellationToken cancellationToken)
    {
        // The user's chain is there wherever Docker keeps its rules by iptables; who may not look takes it for granted.
        var listing = IsRoot ? await _tool.ListAsync(FirewallFamily.IPv4, cancellationToken).ConfigureAwait(false) : null;
        var host = await DescribeAsync(listing, cancellationToken).ConfigureAwait(false);
        return [.. FirewallPlan.For(FirewallFamily.IPv4, host), .. FirewallPlan.For(FirewallFamily.IPv6, host)];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FirewallRule>> ReadAsync(CancellationToken cancellationToken)
    {
        RequireRoot("Reading");
        var v4 = await _tool.ListAsync(FirewallFamily.IPv4, cancellationToken).ConfigureAwait(false);
        var v6 = await _tool.ListAsync(FirewallFamily.IPv6, cancellationToken).ConfigureAwait(false);
        var host = await DescribeAsync(v4, cancellationToken).ConfigureAwait(false);
        return
        [
            .. FirewallPlan.Compare(FirewallPlan.For(FirewallFamily.IPv4, host), v4 ?? ""),
            .. v6 is null ? [] : FirewallPlan.Compare(FirewallPlan.For(FirewallFamily.IPv6, host), v6),
        ];
    }

    /// <inheritdoc/>
    public async Task<bool?> IsInstalledAsync(CancellationToken cancellationToken)
    {
        try
        {
            return IsRoot && client.Endpoint.IsLocal ? (await ReadAsync(cancellationToken).ConfigureAwait(false)).All(rule => rule.Present) : null;
        }
        catch (SandboxException e) when (e.Error == SandboxError.HostRefused)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FirewallRule>> InstallAsync(CancellationToken cancellationToken)
    {
        RequireRoot("Changing");
        foreach (var family in Enum.GetValues<FirewallFamily>())
        {
            await ChangeAsync(family, async listing =>
            {
                var host = await DescribeAsync(family == FirewallFamily.IPv4 ? listing : null, cancellationToken).ConfigureAwait(false);
                return FirewallPlan.ToInstall(FirewallPlan.For(family, host), listing);
            }, cancellationToken).ConfigureAwait(false);
        }

        return await ReadAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<bool> RemoveAsync(CancellationToken cancellationToken)
    {
        RequireRoot("Changing");
        var was = false;
        foreach (var family in Enum.GetValues<FirewallFamily>())
            was |= await ChangeAsync(family, listing => Task.FromResult(FirewallPlan.ToRemove(listing)), cancellationToken).ConfigureAwait(false);

        return was;
    }

    private static void RequireRoot(string verb)
    {
        if (!OperatingSystem.IsLinux())
            throw new SandboxException(SandboxError.HostRefused, $"{verb} rules of the firewall takes Linux: elsewhere the Docker Engine is in a virtual machine, with a firewall of its own.", remedy: "Do it on the engine's machine.");

        if (!IsRoot)
            throw new SandboxException(SandboxError.HostRefused, $"{verb} rules of the firewall takes root.", Environment.UserName, "Run it with sudo. What the rules would be, -WhatIf and --dry-run tell anybody.");
    }

    private async Task<bool> ChangeAsync(FirewallFamily family, Func<string, Task<string?>> plan, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            // Where there is no IPv6 there is nothing to close.
            if (await _tool.ListAsync(family, cancellationToken).ConfigureAwait(false) is not { } listing || await plan(listing).ConfigureAwait(false) is not { } script)
                return false;

            try
            {
                await _tool.ApplyAsync(family, script, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (SandboxException) when (attempt < Attempts)
            {
                // Planned for rules that are no more, most likely; where they still are, it is what it says.
                if (await _tool.ListAsync(family, cancellationToken).ConfigureAwait(false) == listing)
                    throw;
            }
        }
    }

    private async Task<FirewallHost> DescribeAsync(string? listing, CancellationToken cancellationToken)
    {
        if (!client.Endpoint.IsLocal)
            throw NotHere();

        var networks = await DockerErrors.TranslateAsync(() => client.Networks.ListAsync(new DockerFilters().Add("driver", "bridge"), cancellationToken)).ConfigureAwait(false);
        var interfaces = NetworkInterface.GetAllNetworkInterfaces().Select(one => one.Name).ToHashSet(StringComparer.Ordinal);
        if (networks.Count > 0 && !networks.Any(network => interfaces.Contains(DedicatedNetworks.BridgeOf(network))))
            throw NotHere();

        // Those of engines and versions that named them otherwise.
        var others = networks.Where(network => network.Labels.GetValueOrDefault(SandboxLabels.Kind) == SandboxLabels.NetworkKind)
            .Select(DedicatedNetworks.BridgeOf)
            .Where(bridge => !bridge.StartsWith(DedicatedNetworks.BridgePrefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        return new FirewallHost
        {
            Bridges = [DedicatedNetworks.BridgePrefix + "+", .. others],
            Resolvers = FirewallHost.ReadResolvers(),
            HasUserChain = listing is null || listing.Split('\n').Contains("-N DOCKER-USER"),
        };
    }

    private SandboxException NotHere() =>
        new(SandboxError.HostRefused, $"The Docker Engine at {client.Endpoint} is not on this machine, and neither are the networks of its sandboxes.", client.Endpoint.ToString(), "Do it on the engine's machine.");
}
