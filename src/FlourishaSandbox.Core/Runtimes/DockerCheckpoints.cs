using FlourishaSandbox.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>Images of sandboxes' files.</summary>
/// <param name="client">The engine.</param>
/// <param name="images">The engine's images.</param>
internal sealed class DockerCheckpoints(DockerClient client, DockerImageOperations images)
{
    private static readonly string[] s_scratch = ["/tmp", "/run", "/var/run", "/dev/shm"];

    /// <summary>See <see cref="ISandboxLifecycle.CommitAsync"/>.</summary>
    public async Task<string> CommitAsync(Sandbox sandbox, CheckpointLabel? checkpoint, OperationObserver observer, CancellationToken cancellationToken)
    {
        var container = await client.Containers.InspectAsync(sandbox.Id, cancellationToken).ConfigureAwait(false);
        TellWhatIsMissing(container, sandbox, observer);
        var creation = Guid.NewGuid().ToString("N");
        using var patience = new Patience(cancellationToken);
        try
        {
            var id = await client.Containers.CommitAsync(sandbox.Id, ToRequest(container, sandbox, checkpoint, creation), patience.Token).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();

            // A name only for what is whole.
            if (checkpoint is not null)
                await client.Images.TagAsync(id, CheckpointLabels.Repository, checkpoint.Name, patience.Token).ConfigureAwait(false);

            return id;
        }
        catch
        {
            await RemoveCreationAsync(creation, observer).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>See <see cref="ISandboxLifecycle.ListCheckpointsAsync"/>.</summary>
    public async Task<IReadOnlyList<SandboxCheckpoint>> ListAsync(CancellationToken cancellationToken)
    {
        var filters = new DockerFilters().Add("label", $"{SandboxLabels.Kind}={SandboxLabels.CheckpointKind}");
        var found = new List<SandboxCheckpoint>();
        foreach (var summary in await client.Images.ListAsync(filters, cancellationToken).ConfigureAwait(false))
        {
            foreach (var name in summary.RepoTags.Where(tag => tag.StartsWith(CheckpointLabels.Repository + ":", StringComparison.Ordinal)))
            {
                if (await images.FindAsync(name, cancellationToken).ConfigureAwait(false) is { } image)
                    found.Add(CheckpointLabels.Read(summary.Labels, image));
            }
        }

        return [.. found.OrderBy(checkpoint => checkpoint.CreatedAt)];
    }

    /// <summary>See <see cref="ISandboxLifecycle.RemoveCheckpointAsync"/>.</summary>
    public Task RemoveAsync(SandboxCheckpoint checkpoint, CancellationToken cancellationToken) => TryRemoveAsync(checkpoint.Image.Name, force: true, cancellationToken);

    /// <summary>Removes an image of a sandbox's files that has no name, unless a container uses it. Any other image stays.</summary>
    public async Task ReleaseAsync(string image, CancellationToken cancellationToken)
    {
        if (await client.Images.InspectAsync(image, cancellationToken).ConfigureAwait(false) is { RepoTags.Count: 0 } found
            && found.Config.Labels.GetValueOrDefault(SandboxLabels.Kind) is SandboxLabels.ForkKind or SandboxLabels.CheckpointKind)
            await TryRemoveAsync(found.Id, force: false, cancellationToken).ConfigureAwait(false);
    }

    private static CommitRequest ToRequest(ContainerInspection container, Sandbox sandbox, CheckpointLabel? checkpoint, string creation)
    {
        var words = container.Config.Cmd?.ToList() ?? [];
        var separator = words.IndexOf("--");
        return new CommitRequest
        {
            // A variable of the container's can be emptied, and not be taken away.
            Env = [.. SandboxLabels.ReadVariables(SandboxLabels.Read(container.Config.Labels)).Select(name => name + "=")],
            // The agent's own words are of no use to anybody; what it started is what the image is for. A shell is nothing to start.
            Entrypoint = [],
            Cmd = sandbox.AgentVersion is not null && separator >= 0 ? words[(separator + 1)..] : ["/bin/sh"],
            Labels = CheckpointLabels.Write(container, sandbox, checkpoint, creation),
        };
    }

    private static void TellWhatIsMissing(ContainerInspection container, Sandbox sandbox, OperationObserver observer)
    {
        var memory = (container.HostConfig.Tmpfs?.Keys ?? Enumerable.Empty<string>()).Concat((container.HostConfig.Mounts ?? []).Where(mount => mount.Type == "tmpfs").Select(mount => mount.Target));
        var lost = memory.Where(path => !s_scratch.Contains(path.TrimEnd('/'))).Order(StringComparer.Ordinal).ToList();
        if (lost.Count > 0)
            observer.Warning($"What sandbox '{sandbox}' has in {string.Join(" and ", lost)} is in its memory, and not in the checkpoint or the copy. Copy it out and in again with Copy-SandboxItem.");
    }

    private async Task TryRemoveAsync(string name, bool force, CancellationToken cancellationToken)
    {
        try
        {
            await client.Images.RemoveAsync(name, force, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerException e) when (e.IsNotFound || e.IsConflict)
        {
            return; // gone, or sandboxes use it: it goes with the last of them
        }
    }

    // With time of its own, and without hiding why: the engine may have made an image that nobody was told of.
    private async Task RemoveCreationAsync(string creation, OperationObserver observer)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        try
        {
            var filters = new DockerFilters().Add("label", $"{SandboxLabels.Creation}={creation}");
            foreach (var image in await client.Images.ListAsync(filters, limit.Token).ConfigureAwait(false))
                await client.Images.RemoveAsync(image.Id, force: true, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DockerException or DockerUnreachableException or OperationCanceledException)
        {
            observer.Warning($"An image that was half made could not be removed: {e.Message} Clear-StaleSandbox or 'docker-sandbox cleanup' removes it later.");
        }
    }
}
