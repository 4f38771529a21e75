using System.Collections.Concurrent;
using System.Formats.Tar;
using FlourishaSandbox.Agents;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>
/// Brings the agent to an engine, once for each version: an image with nothing but the program, and a container of it that is never
/// started. Creating a container is atomic on an engine, and fills the new volume that it mounts from its image before anybody can see
/// it: who finds the container, finds the volume whole. It also keeps the volume from being pruned.
/// </summary>
/// <param name="client">The engine.</param>
internal sealed class DockerAgentVolume(DockerClient client)
{
    // Another process that brings the agent at the same time takes a second or two.
    private static readonly TimeSpan OtherLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan OtherPoll = TimeSpan.FromMilliseconds(50);

    private const string Repository = "flourisha-agent";
    private const UnixFileMode ExecuteOnly = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);

    /// <summary>Sees to it that the engine has the volume.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The volume's name.</returns>
    public async Task<string> EnsureAsync(AgentBinary agent, OperationObserver observer, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(agent.Digest, out var known))
            return known;

        var name = $"{Repository}-{agent.Digest[..12]}";
        if (!await ExistsAsync(name, cancellationToken).ConfigureAwait(false))
        {
            observer.Verbose($"Bringing the agent to the engine, as volume '{name}'.");
            await MakeAsync(agent, name, cancellationToken).ConfigureAwait(false);
        }

        return _known[agent.Digest] = name;
    }

    /// <summary>The image that a volume was filled from: nothing but the program.</summary>
    public static string ImageOf(string volume) => $"{Repository}:{volume[(Repository.Length + 1)..]}";

    /// <summary>Looks again next time: somebody removed the volume.</summary>
    public void Forget() => _known.Clear();

    private async Task MakeAsync(AgentBinary agent, string name, CancellationToken cancellationToken)
    {
        using var patience = new Patience(cancellationToken);
        var image = ImageOf(name);
        if (await client.Images.InspectAsync(image, cancellationToken).ConfigureAwait(false) is null)
            await client.Images.ImportAsync(Repository, agent.Digest[..12], [$"LABEL {SandboxLabels.Kind}={SandboxLabels.AgentKind}"], (stream, token) => WriteRootAsync(agent, stream, token), patience.Token).ConfigureAwait(false);

        // One without its container was not filled to the end, or its container was pruned; where sandboxes use it, it is whole.
        try
        {
            await client.Volumes.RemoveAsync(name, force: true, patience.Token).ConfigureAwait(false);
        }
        catch (DockerException e) when (e.IsConflict)
        {
            // in use
        }

        try
        {
            await client.Containers.CreateAsync(new ContainerCreateRequest
            {
                Image = image,
                Entrypoint = [AgentConnection.Program],
                Cmd = ["--version"],
                Labels = new() { [SandboxLabels.Kind] = SandboxLabels.AgentKind },
                HostConfig = new HostConfig
                {
                    NetworkMode = "none",
                    Mounts =
                    [
                        new Mount
                        {
                            Type = "volume",
                            Source = name,
                            Target = AgentConnection.Folder,
                            VolumeOptions = new VolumeOptions { Labels = new() { [SandboxLabels.Kind] = SandboxLabels.AgentKind } },
                        },
                    ],
                },
            }, name, patience.Token).ConfigureAwait(false);
        }
        catch (DockerException e) when (e.IsConflict)
        {
            await AwaitOtherAsync(name, cancellationToken).ConfigureAwait(false);
        }
    }

    // Another process makes the container just now: its name is taken from the beginning, and it can be found when it is done.
    private async Task AwaitOtherAsync(string name, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(OtherLimit);
        while (!await ExistsAsync(name, limit.Token).ConfigureAwait(false))
            await Task.Delay(OtherPoll, limit.Token).ConfigureAwait(false);
    }

    private async Task<bool> ExistsAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await client.Containers.InspectAsync(name, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (DockerException e) when (e.IsNotFound)
        {
            return false;
        }
    }

    // The program can be executed and not be read, which makes the kernel guard the memory and the environment of whatever runs it.
    private static async Task WriteRootAsync(AgentBinary agent, Stream stream, CancellationToken cancellationToken)
    {
        var tar = new TarWriter(stream, TarEntryFormat.Gnu, leaveOpen: true);
        await using (tar.ConfigureAwait(false))
        {
            await tar.WriteEntryAsync(new GnuTarEntry(TarEntryType.Directory, AgentConnection.Folder[1..] + "/") { Mode = ExecuteOnly }, cancellationToken).ConfigureAwait(false);
            var file = File.OpenRead(agent.Path);
            await using (file.ConfigureAwait(false))
                await tar.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, AgentConnection.Program[1..]) { Mode = ExecuteOnly, DataStream = file }, cancellationToken).ConfigureAwait(false);
        }
    }
}
