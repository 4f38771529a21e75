using System.Net;
using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Runtimes;

/// <summary>
/// The one network that all sandboxes share. It stays when they go: it holds nothing, and making one takes longer than a lookup.
/// Its labels keep what was once found out about the engine, so that no later process has to find out again.
/// </summary>
/// <param name="client">The engine.</param>
internal sealed class DockerNetwork(DockerClient client)
{
    private const string OpenFilesLabel = "flourisha.open-files";
    private const string OpenFilesOfEngine = "engine";

    private volatile bool _grantsOpenFiles = true;

    /// <summary>Makes the network where it is missing. Several processes may do so at once.</summary>
    /// <returns>What is known of it.</returns>
    public async Task<NetworkFacts> EnsureAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await FindAsync(cancellationToken).ConfigureAwait(false) is { } network)
            {
                _grantsOpenFiles = _grantsOpenFiles && !network.Labels.ContainsKey(OpenFilesLabel);
                var gateway = network.IPAM?.Config is [{ Gateway: { } text }, ..] && IPAddress.TryParse(text, out var address) ? address : null;
                return new NetworkFacts(network.Id, _grantsOpenFiles, gateway);
            }

            using var patience = new Patience(cancellationToken);
            await CreateAsync(patience.Token).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Remembers that the engine has fewer open files itself than a sandbox may have (one inside a container, for instance), and that asking
    /// for them fails. Labels cannot be changed, so the network is made anew, which it can be as long as no sandbox uses it.
    /// </summary>
    public async Task RememberFewOpenFilesAsync(CancellationToken cancellationToken)
    {
        _grantsOpenFiles = false;
        // In use, or being made anew by another process: this process knows, and a later one finds out again.
        if (!await RemoveUnusedAsync(SandboxMapping.SharedNetwork, cancellationToken).ConfigureAwait(false))
            return;

        await CreateAsync(cancellationToken).ConfigureAwait(false);
    }

    // Engines do not see to it that a name is there only once: two that were asked for at the same moment are both made. Everybody then
    // takes the older one, and the other goes, unless a sandbox was quick to use it.
    private async Task<NetworkInspection?> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await client.Networks.InspectAsync(SandboxMapping.SharedNetwork, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerException e) when (e.EngineMessage.Contains("ambiguous", StringComparison.Ordinal))
        {
            var filters = new DockerFilters().Add("name", SandboxMapping.SharedNetwork);
            var all = (await client.Networks.ListAsync(filters, cancellationToken).ConfigureAwait(false))
                .Where(network => network.Name == SandboxMapping.SharedNetwork)
                .OrderBy(network => network.Created).ThenBy(network => network.Id, StringComparer.Ordinal).ToList();
            foreach (var other in all.Skip(1))
                await RemoveUnusedAsync(other.Id, cancellationToken).ConfigureAwait(false);

            return all.FirstOrDefault();
        }
    }

    private async Task<bool> RemoveUnusedAsync(string network, CancellationToken cancellationToken)
    {
        try
        {
            await client.Networks.RemoveAsync(network, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (DockerException)
        {
            return false; // in use, or gone already
        }
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        var labels = new Dictionary<string, string> { [SandboxLabels.Kind] = SandboxLabels.NetworkKind };
        if (!_grantsOpenFiles)
            labels[OpenFilesLabel] = OpenFilesOfEngine;

        try
        {
            await client.Networks.CreateAsync(new NetworkCreateRequest
            {
                Name = SandboxMapping.SharedNetwork,
                Driver = "bridge",
                CheckDuplicate = true,
                Labels = labels,
                Options = new() { ["com.docker.network.bridge.enable_icc"] = "false" },
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerException e) when (e.IsConflict)
        {
            return; // another process was faster
        }
    }
}

/// <summary>What is known of the network and its engine.</summary>
/// <param name="Id">The network's id: its name may be there twice for a moment.</param>
/// <param name="GrantsOpenFiles">Whether the engine can grant a sandbox its limit of open files, as far as is known.</param>
/// <param name="Gateway">The engine's own address in the network; null where it has none.</param>
internal sealed record NetworkFacts(string Id, bool GrantsOpenFiles, IPAddress? Gateway);
