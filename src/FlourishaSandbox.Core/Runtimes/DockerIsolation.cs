using System.Collections.Concurrent;
using System.Formats.Tar;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Isolation;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>What has to be known of an engine and an image before a sandbox can be closed as its profile says.</summary>
/// <param name="client">The engine.</param>
/// <param name="containers">The engine's sandboxes.</param>
/// <param name="facts">What the engine says of itself.</param>
internal sealed class DockerIsolation(DockerClient client, DockerSandboxes containers, DockerFacts facts)
{
    private readonly ConcurrentDictionary<(string Image, string User, string? Folder), ImageUser> _users = [];
    private readonly DockerUsers _accounts = new(client);

    /// <summary>Whether the engine must be asked before anything is made, and not meanwhile.</summary>
    public static bool MayRefuse(SandboxSpecification specification) => specification.Runtime is not null || IsolationProfile.For(specification.Isolation).HasOwnFilter;

    /// <summary>Checks that the engine can do what a sandbox needs.</summary>
    /// <exception cref="SandboxException">
    /// <see cref="SandboxError.InvalidOption"/>: it lacks the OCI runtime. <see cref="SandboxError.EngineFailed"/>: it has no filter of system
    /// calls, and the sandbox is to have ours; where the engine's own is to do, this is a warning.
    /// </exception>
    public async Task CheckEngineAsync(SandboxSpecification specification, OperationObserver observer, CancellationToken cancellationToken)
    {
        var engine = await facts.GetAsync(cancellationToken).ConfigureAwait(false);
        if (specification.Runtime is { } runtime && engine.Runtimes is { } runtimes && !runtimes.ContainsKey(runtime))
            throw InvalidOption.Create("Runtime", runtime, "is no OCI runtime of this engine", $"It has {string.Join(", ", runtimes.Keys.Order(StringComparer.Ordinal))}; others are installed on its machine and named in its daemon.json.");

        var filter = engine.SecurityOptions.FirstOrDefault(option => option.StartsWith("name=seccomp", StringComparison.Ordinal));
        if (filter is null && IsolationProfile.For(specification.Isolation).HasOwnFilter)
            throw new SandboxException(SandboxError.EngineFailed, "The Docker Engine has no filter of system calls (seccomp), without which no sandbox is strict.", specification.Isolation, "Use a kernel and an engine with seccomp, or -Isolation Standard.");

        if ((filter is null || filter.Contains("unconfined", StringComparison.Ordinal)) && specification.Isolation == IsolationLevel.Standard)
            observer.Warning("The Docker Engine filters no system calls (seccomp is missing or off): sandboxes are more open here than they should be.");
    }

    /// <summary>
    /// Looks up a sandbox's user in its image, and whether the workspace would hide files of the image. Only a container can be looked into:
    /// one is created, never started, and removed; it bears the labels of the creation that it is for, should anything go wrong meanwhile.
    /// </summary>
    /// <returns>The user; null where the sandbox's profile needs none.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: the image has no such user, or files in its workspace.</exception>
    public async Task<ImageUser?> FindUserAsync(SandboxSpecification specification, string creation, CancellationToken cancellationToken)
    {
        if (!IsolationProfile.For(specification.Isolation).HasReadOnlyRoot)
            return null;

        var image = await client.Images.InspectAsync(specification.Image, cancellationToken).ConfigureAwait(false);
        var user = specification.User ?? "0";
        var key = (image?.Id ?? specification.Image, user, specification.WorkingDirectory);
        if (_users.TryGetValue(key, out var known))
            return known;

        using var patience = new Patience(cancellationToken);
        var request = new ContainerCreateRequest { Image = specification.Image, Entrypoint = [".never"], Labels = SandboxLabels.Write(specification, creation, agentVersion: null), HostConfig = new HostConfig { NetworkMode = "none" } };
        var container = await client.Containers.CreateAsync(request, name: null, patience.Token).ConfigureAwait(false);
        try
        {
            if (await _accounts.FindAsync(container.Id, user, cancellationToken).ConfigureAwait(false) is not { } account)
                throw DockerErrors.UnknownUser($"the image has no user '{user}'", user);

            if (specification.WorkingDirectory is { } folder && await HoldsFilesAsync(container.Id, folder, cancellationToken).ConfigureAwait(false))
                throw InvalidOption.Create("WorkingDirectory", folder, $"holds files of the image '{specification.Image}', which the workspace of a strict sandbox would hide", $"Name a folder that is empty or new, for example -WorkingDirectory {(folder.TrimEnd('/') == "/workspace" ? "/app" : "/workspace")}.");

            return _users[key] = new ImageUser(account.Owner, OwnHome(account.Home));
        }
        finally
        {
            using var limit = new CancellationTokenSource(Patience.Limit);
            await containers.RemoveAsync(container.Id, limit.Token).ConfigureAwait(false);
        }
    }

    // Not what belongs to a service as well, such as /var/www: there are files that it serves.
    private static string? OwnHome(string? home) =>
        home is not null && home.StartsWith("/home/", StringComparison.Ordinal) && !home.Split('/').Contains("..") ? home : null;

    private async Task<bool> HoldsFilesAsync(string container, string folder, CancellationToken cancellationToken)
    {
        try
        {
            var (_, archive) = await client.Containers.GetArchiveAsync(container, folder, cancellationToken).ConfigureAwait(false);
            await using (archive.ConfigureAwait(false))
            {
                var tar = new TarReader(archive);
                await using (tar.ConfigureAwait(false))
                {
                    // The folder itself, and then what is in it.
                    return await tar.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is not null
                        && await tar.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is not null;
                }
            }
        }
        catch (DockerException e) when (e.IsNotFound)
        {
            return false; // made when the sandbox is
        }
    }
}
