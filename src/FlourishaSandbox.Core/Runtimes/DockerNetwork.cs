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
    /// <returns>Whether the engine can grant a sandbox its limit of open files, as far as is known.</returns>
    public async Task<bool> EnsureAsync(CancellationToken cancellationToken)
    {
        if (await client.Networks.InspectAsync(SandboxMapping.SharedNetwork, cancellationToken).ConfigureAwait(false) is { } network)
            return _grantsOpenFiles = _grantsOpenFiles && !network.Labels.ContainsKey(OpenFilesLabel);

        using var patience = new Patience(cancellationToken);
        await CreateAsync(patience.Token).ConfigureAwait(false);
        return _grantsOpenFiles;
    }

    /// <summary>
    /// Remembers that the engine has fewer open files itself than a sandbox may have (one inside a container, for instance), and that asking
    /// for them fails. Labels cannot be changed, so the network is made anew, which it can be as long as no sandbox uses it.
    /// </summary>
    public async Task RememberFewOpenFilesAsync(CancellationToken cancellationToken)
    {
        _grantsOpenFiles = false;
        try
        {
            await client.Networks.RemoveAsync(SandboxMapping.SharedNetwork, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerException)
        {
            return; // in use, or being made anew by another process: this process knows, and a later one finds out again
        }

        await CreateAsync(cancellationToken).ConfigureAwait(false);
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
