using System.Diagnostics;
using System.Net;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Files;
using FlourishaSandbox.Images;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>Sandboxes as containers of a Docker Engine.</summary>
public sealed class DockerRuntime : ISandboxRuntime
{
    // How many containers are asked about at once: enough to hide the round trips, not enough to burden the engine.
    private const int InspectParallelism = 8;

    // The network can go away again, but not for ever.
    private const int NetworkAttempts = 5;

    // How long a container or volume may take to appear that an engine was asked for before the connection was lost. Unloaded, 10 ms.
    private static readonly TimeSpan Appearance = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AppearancePoll = TimeSpan.FromMilliseconds(100);

    private readonly DockerClient _client;
    private readonly DockerCommands _commands;
    private readonly DockerImageOperations _images;
    private readonly DockerNetwork _network;
    private readonly DockerUsers _users;

    internal DockerRuntime(DockerClient client)
    {
        _client = client;
        _commands = new DockerCommands(client);
        _images = new DockerImageOperations(client);
        _network = new DockerNetwork(client);
        _users = new DockerUsers(client);
    }

    /// <inheritdoc/>
    public string Description => $"{_client.Endpoint.Address} ({_client.Endpoint.Source})";

    /// <inheritdoc/>
    public bool IsLocal => _client.Endpoint.IsLocal;

    /// <inheritdoc/>
    public string HostName => _client.Endpoint.HostName;

    private string Engine => _client.Endpoint.Address.ToString();

    /// <summary>A runtime for the engine at an address.</summary>
    /// <param name="endpoint">unix://, npipe://, tcp:// or ssh://; null to look where the Docker CLI looks.</param>
    /// <returns>The runtime. Nothing has been asked of the engine yet.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: the address cannot be used.</exception>
    public static DockerRuntime Connect(string? endpoint = null)
    {
        try
        {
            return new DockerRuntime(new DockerClient(DockerEndpoint.Resolve(endpoint)));
        }
        catch (ArgumentException e)
        {
            throw new SandboxException(SandboxError.InvalidOption, e.Message, endpoint, innerException: e);
        }
    }

    /// <inheritdoc/>
    public async Task<Sandbox> CreateAsync(SandboxSpecification specification, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentNullException.ThrowIfNull(observer);
        observer.Verbose($"Creating sandbox '{specification.Name}' from '{specification.Image}' on {Description}.");

        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var limitOpenFiles = await _network.EnsureAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    return await TryCreateAsync(specification, limitOpenFiles, observer, cancellationToken).ConfigureAwait(false);
                }
                catch (DockerException e) when (limitOpenFiles && e.EngineMessage.Contains("error setting rlimit", StringComparison.Ordinal))
                {
                    observer.Verbose($"The engine cannot grant {specification.Limits.OpenFileLimit} open files, as it may have fewer itself: its own limit holds for sandboxes.");
                    await _network.RememberFewOpenFilesAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (DockerException e) when (attempt < NetworkAttempts && e.IsNotFound && e.EngineMessage.Contains("network", StringComparison.Ordinal))
                {
                    // While no sandbox ran, another process made the network anew to remember something, or somebody pruned it.
                    observer.Verbose($"The network '{SandboxMapping.SharedNetwork}' went away: making it anew.");
                }
            }
        }
        catch (Exception e) when (e is DockerException or DockerUnreachableException)
        {
            throw TranslateCreation(e, specification);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Sandbox>> ListAsync(CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync<IReadOnlyList<Sandbox>>(async () =>
        {
            var filters = new DockerFilters().Add("label", $"{SandboxLabels.Kind}={SandboxLabels.SandboxKind}");
            var containers = await _client.Containers.ListAsync(all: true, filters, cancellationToken).ConfigureAwait(false);
            var sandboxes = new Sandbox?[containers.Count];
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = InspectParallelism, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(Enumerable.Range(0, containers.Count), parallel, async (i, token) =>
                sandboxes[i] = await InspectAsync(containers[i].Id, token).ConfigureAwait(false)).ConfigureAwait(false);
            return [.. sandboxes.OfType<Sandbox>().OrderBy(sandbox => sandbox.CreatedAt)];
        });

    /// <inheritdoc/>
    public Task<Sandbox?> FindAsync(string nameOrId, CancellationToken cancellationToken) =>
        SandboxName.MayMean(nameOrId) ? DockerErrors.TranslateAsync(() => InspectAsync(nameOrId, cancellationToken)) : Task.FromResult<Sandbox?>(null);

    /// <inheritdoc/>
    public Task RemoveAsync(Sandbox sandbox, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(() => RemoveContainerAsync(sandbox.Id, cancellationToken), sandbox);

    /// <inheritdoc/>
    public Task<CommandExit> RunAsync(Sandbox sandbox, CommandRequest request, Stream? input, ICommandOutput output, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(() => _commands.RunAsync(sandbox, request, input, output, cancellationToken), sandbox);

    /// <inheritdoc/>
    public Task StartAsync(Sandbox sandbox, CommandRequest request, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(() => _commands.StartAsync(sandbox, request, cancellationToken), sandbox);

    /// <inheritdoc/>
    public Task<SandboxPathInfo?> StatAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(async () =>
        {
            var stat = await StatPathAsync(sandbox, path, cancellationToken).ConfigureAwait(false);
            if (stat is { IsSymbolicLink: true })
            {
                // The engine says where a link leads, inside the sandbox's own root.
                var target = string.IsNullOrEmpty(stat.LinkTarget) ? null : await StatPathAsync(sandbox, stat.LinkTarget, cancellationToken).ConfigureAwait(false);
                stat = target is { IsSymbolicLink: false } ? target : stat;
            }

            return stat is null ? null : new SandboxPathInfo(path, stat.IsDirectory, stat.Size);
        }, sandbox);

    /// <inheritdoc/>
    public Task<FileOwner> GetOwnerAsync(Sandbox sandbox, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(() => _users.GetOwnerAsync(sandbox, cancellationToken), sandbox);

    /// <inheritdoc/>
    public Task WriteArchiveAsync(Sandbox sandbox, string folder, Func<Stream, CancellationToken, Task> writeTar, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(async () =>
        {
            try
            {
                await _client.Containers.PutArchiveAsync(sandbox.Id, folder, writeTar, ownedByContainerUser: false, cancellationToken).ConfigureAwait(false);
            }
            catch (DockerException e) when (e.EngineMessage.Contains("cannot overwrite", StringComparison.Ordinal))
            {
                throw new SandboxException(SandboxError.PathNotUsable, $"In sandbox '{sandbox}' a folder is in a file's place, or a file in a folder's: {e.EngineMessage}", folder, "Copy to another place, or remove what is in the way.", e);
            }
        }, sandbox);

    /// <inheritdoc/>
    public Task<Stream> ReadArchiveAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync<Stream>(async () =>
        {
            try
            {
                var (_, tar) = await _client.Containers.GetArchiveAsync(sandbox.Id, path, cancellationToken).ConfigureAwait(false);
                return new DockerArchiveStream(tar, _client.Endpoint, sandbox);
            }
            catch (DockerException e) when (e.EngineMessage.Contains("not a directory", StringComparison.Ordinal)
                || (e.IsNotFound && !e.EngineMessage.Contains("No such container: " + sandbox.Id, StringComparison.Ordinal)))
            {
                throw new SandboxException(SandboxError.PathNotFound, $"There is no '{path}' in sandbox '{sandbox}'.", path, "Check the path; a relative one begins in the sandbox's working directory.", e);
            }
        }, sandbox);

    /// <inheritdoc/>
    public Task<SandboxImage?> FindImageAsync(string reference, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(() => _images.FindAsync(reference, cancellationToken), reference);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SandboxImage>> ListImagesAsync(CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(() => _images.ListAsync(cancellationToken));

    /// <inheritdoc/>
    public Task PullImageAsync(string reference, OperationObserver observer, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(() => _images.PullAsync(reference, observer, cancellationToken), reference);

    /// <inheritdoc/>
    public Task<SandboxImage> BuildImageAsync(ImageBuild build, OperationObserver observer, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(() => _images.BuildAsync(build, observer, cancellationToken), build.Name);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<PathStat?> StatPathAsync(Sandbox sandbox, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.Containers.StatPathAsync(sandbox.Id, path, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerException e) when (e.StatusCode == HttpStatusCode.InternalServerError)
        {
            // A path that leads through a file; the answer has no text to tell by. If something else is wrong, what comes next will say so.
            return null;
        }
    }

    private async Task<Sandbox> TryCreateAsync(SandboxSpecification specification, bool limitOpenFiles, OperationObserver observer, CancellationToken cancellationToken)
    {
        var creation = Guid.NewGuid().ToString("N");
        var volumes = new List<string>();
        var isAsked = false;
        var isAnswered = false;
        try
        {
            await EnsureVolumesAsync(specification, volumes, cancellationToken).ConfigureAwait(false);

            // The engine goes on creating and starting after a caller hangs up. Waiting for its answer, a fraction of a second, is the
            // only way to know afterwards what there is to remove.
            using var patience = new Patience(cancellationToken);
            isAsked = true;
            var created = await _client.Containers.CreateAsync(SandboxMapping.ToContainer(specification, creation, limitOpenFiles), specification.Name, patience.Token).ConfigureAwait(false);
            isAnswered = true;
            foreach (var warning in created.Warnings ?? [])
                observer.Verbose($"The engine says: {warning}");

            cancellationToken.ThrowIfCancellationRequested();
            return await StartContainerAsync(created.Id, specification, patience.Token, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            var isUnheard = e is not DockerException;
            await RemoveCreationAsync(creation, mayAppear: isUnheard && isAsked && !isAnswered, volumes, mayVolumesAppear: isUnheard, observer).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<Sandbox> StartContainerAsync(string id, SandboxSpecification specification, CancellationToken patience, CancellationToken cancellationToken)
    {
        await _client.Containers.StartAsync(id, patience).ConfigureAwait(false);

        cancellationToken.ThrowIfCancellationRequested();
        var sandbox = await InspectAsync(id, cancellationToken).ConfigureAwait(false);
        if (sandbox is { State: SandboxState.Running })
            return sandbox;

        throw new SandboxException(SandboxError.EngineFailed, $"Sandbox '{specification.Name}' ended as soon as it had started; the image '{specification.Image}' cannot run its first process.", specification.Name, "Try the image with 'docker run'.");
    }

    private async Task EnsureVolumesAsync(SandboxSpecification specification, List<string> made, CancellationToken cancellationToken)
    {
        foreach (var volume in specification.Volumes.Where(volume => !volume.IsHostPath))
        {
            if (await _client.Volumes.InspectAsync(volume.Source, cancellationToken).ConfigureAwait(false) is not null)
                continue;

            using var patience = new Patience(cancellationToken);
            made.Add(volume.Source);
            await _client.Volumes.CreateAsync(new VolumeCreateRequest { Name = volume.Source, Labels = new() { [SandboxLabels.Kind] = SandboxLabels.VolumeKind } }, patience.Token).ConfigureAwait(false);
        }
    }

    // Runs when a creation failed or was cancelled: with time of its own, and without hiding why. What the engine was asked for, but never
    // said that it had made, may appear a moment later.
    private async Task RemoveCreationAsync(string creation, bool mayAppear, List<string> volumes, bool mayVolumesAppear, OperationObserver observer)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        try
        {
            var filters = new DockerFilters().Add("label", $"{SandboxLabels.Creation}={creation}");
            IReadOnlyList<ContainerSummary> containers = [];
            await AppearAsync(async token => (containers = await _client.Containers.ListAsync(all: true, filters, token).ConfigureAwait(false)).Count > 0, mayAppear, limit.Token).ConfigureAwait(false);
            foreach (var container in containers)
                await RemoveContainerAsync(container.Id, limit.Token).ConfigureAwait(false);

            foreach (var volume in volumes)
            {
                await AppearAsync(async token => await _client.Volumes.InspectAsync(volume, token).ConfigureAwait(false) is not null, mayVolumesAppear, limit.Token).ConfigureAwait(false);
                await _client.Volumes.RemoveAsync(volume, force: true, limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is DockerException or DockerUnreachableException or OperationCanceledException)
        {
            observer.Warning($"What was made of a sandbox that failed could not be removed: {e.Message} Clear-StaleSandbox or 'docker-sandbox cleanup' removes it later.");
        }
    }

    private static async Task AppearAsync(Func<CancellationToken, Task<bool>> isThere, bool mayAppear, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await isThere(cancellationToken).ConfigureAwait(false) && mayAppear && Stopwatch.GetElapsedTime(started) < Appearance)
            await Task.Delay(AppearancePoll, cancellationToken).ConfigureAwait(false);
    }

    private async Task RemoveContainerAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await _client.Containers.RemoveAsync(id, force: true, removeVolumes: true, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerException e) when (e.IsNotFound)
        {
            return; // gone, as wanted
        }
        catch (DockerException e) when (e.IsConflict && e.EngineMessage.Contains("already in progress", StringComparison.Ordinal))
        {
            // Somebody else is removing it: it is gone when it can no longer be found.
            while (await InspectAsync(id, cancellationToken).ConfigureAwait(false) is not null)
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<Sandbox?> InspectAsync(string nameOrId, CancellationToken cancellationToken)
    {
        try
        {
            var container = await _client.Containers.InspectAsync(nameOrId, cancellationToken).ConfigureAwait(false);
            return SandboxMapping.IsSandbox(container.Config.Labels) ? SandboxMapping.ToSandbox(container, Engine) : null;
        }
        catch (DockerException e) when (e.IsNotFound || e.EngineMessage.Contains("multiple IDs", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
    }

    private static SandboxException TranslateCreation(Exception exception, SandboxSpecification specification) => exception switch
    {
        DockerException { IsConflict: true } e when e.EngineMessage.Contains("is already in use", StringComparison.Ordinal) =>
            new SandboxException(SandboxError.NameInUse, $"The name '{specification.Name}' is taken by another container on this engine.", specification.Name, "Choose another name, or remove that one.", e),
        DockerException { IsNotFound: true } e when e.EngineMessage.Contains("No such image", StringComparison.OrdinalIgnoreCase) =>
            new SandboxException(SandboxError.ImageNotFound, $"The image '{specification.Image}' went away while sandbox '{specification.Name}' was made.", specification.Image, "Try again.", e),
        DockerException e when e.EngineMessage.Contains("\"sleep\"", StringComparison.Ordinal) =>
            new SandboxException(SandboxError.EngineFailed, $"The image '{specification.Image}' has no 'sleep', which keeps a sandbox alive until its deadline.", specification.Image, "Use an image with coreutils or BusyBox.", e),
        _ => DockerErrors.Translate(exception, specification.Name),
    };
}
