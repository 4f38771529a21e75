using System.Net;
using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Runtimes;

/// <summary>
/// A network that sandboxes share: the one with a way out, or the one without. It stays when they go: it holds nothing, and making one takes
/// longer than a lookup. Its labels keep what was once found out about the engine, so that no later process has to find out again.
/// </summary>
/// <param name="client">The engine.</param>
/// <param name="name">The network's name.</param>
/// <param name="isInternal">Whether it has no way out.</param>
internal sealed class DockerNetwork(DockerClient client, string name, bool isInternal)
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
                return new NetworkFacts(network.Id, _grantsOpenFiles, gateway) { Name = name };
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
        if (!await RemoveUnusedAsync(name, cancellationToken).ConfigureAwait(false))
            return;

        await CreateAsync(cancellationToken).ConfigureAwait(false);
    }

    // Engines do not see to it that a name is there only once: two that were asked for at the same moment are both made. Everybody then
    // takes the older one, and the other goes, unless a sandbox was quick to use it.
    private async Task<NetworkInspection?> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await client.Networks.InspectAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerException e) when (e.EngineMessage.Contains("ambiguous", StringComparison.Ordinal))
        {
            var filters = new DockerFilters().Add("name", name);
            var all = (await client.Networks.ListAsync(filters, cancellationToken).ConfigureAwait(false))
                .Where(network => network.Name == name)
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
                Name = name,
                Driver = "bridge",
                Internal = isInternal,
                CheckDuplicate = true,
                Labels = labels,
                Options = DedicatedNetworks.BridgeOptions(isOpen: false),
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerException e) when (e.IsConflict)
        {
            return; // another process was faster
        }
    }
}
