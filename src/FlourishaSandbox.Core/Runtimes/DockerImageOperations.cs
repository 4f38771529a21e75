using FlourishaSandbox.Docker;
using FlourishaSandbox.Images;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>Images of a Docker Engine.</summary>
/// <param name="client">The engine.</param>
internal sealed class DockerImageOperations(DockerClient client)
{
    // How much of a failed step's output the error carries, in lines: enough for a compiler's complaint, not for a whole build.
    private const int TailLines = 30;

    public async Task<SandboxImage?> FindAsync(string reference, CancellationToken cancellationToken)
    {
        var image = await InspectAsync(reference, cancellationToken).ConfigureAwait(false);
        return image is null ? null : new SandboxImage
        {
            Id = image.Id,
            Name = reference,
            Template = image.Config.Labels.GetValueOrDefault(SandboxLabels.Template),
            CreatedAt = image.Created ?? DateTimeOffset.UnixEpoch,
            Size = image.Size,
            TraefikLabel = image.Config.Labels.FirstOrDefault(IsForTraefik).Key,
            OperatingSystem = image.Os,
            Architecture = image.Architecture,
            Command = [.. image.Config.Entrypoint ?? [], .. image.Config.Cmd ?? []],
            User = string.IsNullOrEmpty(image.Config.User) ? null : image.Config.User,
            WorkingDirectory = string.IsNullOrEmpty(image.Config.WorkingDir) ? "/" : image.Config.WorkingDir,
        };
    }

    // That it is not to be led to is no trouble.
    private static bool IsForTraefik(KeyValuePair<string, string> label) =>
        label.Key.StartsWith(TraefikLabels.Prefix, StringComparison.OrdinalIgnoreCase) && !(label.Key == TraefikLabels.Enable && label.Value == "false");

    private async Task<ImageInspection?> InspectAsync(string reference, CancellationToken cancellationToken)
    {
        try
        {
            return await client.Images.InspectAsync(reference, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerException e) when (e.EngineMessage.Contains("invalid reference format", StringComparison.Ordinal))
        {
            throw new SandboxException(SandboxError.InvalidOption, $"Image '{reference}' is no name of an image: {e.EngineMessage}", reference, "Give a name as Docker writes it, for example debian:bookworm-slim.", e);
        }
    }

    public async Task<IReadOnlyList<SandboxImage>> ListAsync(CancellationToken cancellationToken)
    {
        var filters = new DockerFilters().Add("label", $"{SandboxLabels.Kind}={SandboxLabels.ImageKind}");
        var images = new List<SandboxImage>();
        foreach (var summary in await client.Images.ListAsync(filters, cancellationToken).ConfigureAwait(false))
        {
            var name = summary.RepoTags.FirstOrDefault(tag => tag != "<none>:<none>") ?? summary.Id;
            if (await FindAsync(name, cancellationToken).ConfigureAwait(false) is { } image)
                images.Add(image);
        }

        return images;
    }

    public async Task PullAsync(string reference, OperationObserver observer, CancellationToken cancellationToken)
    {
        var activity = $"Pulling {reference}";
        observer.Verbose($"Pulling the image '{reference}'.");
        var layers = new HashSet<string>();
        try
        {
            await foreach (var step in client.Images.PullAsync(reference, cancellationToken).ConfigureAwait(false))
            {
                var isLayer = step.Id is not null && step.Total is not null;
                if (isLayer)
                    layers.Add(step.Id!);

                var isDone = step.Status is "Pull complete" or "Already exists";
                observer.Report(new OperationProgress(activity, step.Status ?? "") { Part = layers.Contains(step.Id ?? "") ? step.Id : null, Done = step.Current, Total = step.Total, Completed = isDone && layers.Remove(step.Id ?? "") });
            }
        }
        catch (DockerException e)
        {
            throw new SandboxException(SandboxError.ImageNotFound, $"The image '{reference}' is not on the engine and could not be pulled: {e.EngineMessage}", reference, "Check the name, log in with 'docker login' on the engine's machine, or build it.", e);
        }
        finally
        {
            foreach (var layer in layers)
                observer.Report(new OperationProgress(activity, "") { Part = layer, Completed = true });

            observer.Report(new OperationProgress(activity, "") { Completed = true });
        }
    }

    public async Task<SandboxImage> BuildAsync(ImageBuild build, OperationObserver observer, CancellationToken cancellationToken)
    {
        var activity = $"Building {build.Name}";
        observer.Verbose($"Building the image '{build.Name}' from '{build.Folder}'.");
        var labels = new Dictionary<string, string> { [SandboxLabels.Kind] = SandboxLabels.ImageKind };
        if (build.Template is not null)
            labels[SandboxLabels.Template] = build.Template;

        var request = new ImageBuildRequest
        {
            Tags = [build.Name],
            Dockerfile = build.Dockerfile,
            BuildArgs = new Dictionary<string, string>(build.Arguments),
            Labels = labels,
            NoCache = build.NoCache,
        };

        var log = new BuildLog(TailLines);
        try
        {
            await foreach (var step in client.Images.BuildAsync(request, (stream, token) => BuildContext.WriteTarAsync(build.Folder, build.Dockerfile, stream, token), cancellationToken).ConfigureAwait(false))
            {
                foreach (var line in log.Push(step.Stream ?? ""))
                {
                    var beginsStep = BuildLog.IsStep(line);
                    var status = beginsStep || log.Step is null ? line : $"step {log.Step} of {log.Steps}: {line}";
                    observer.Report(new OperationProgress(activity, status) { Done = log.Step, Total = log.Steps, BeginsStep = beginsStep });
                }
            }
        }
        catch (DockerException e)
        {
            var problem = $"Building the image '{build.Name}' failed in {log.Current ?? "its preparation"}: {e.EngineMessage}";
            throw new SandboxException(SandboxError.ImageBuildFailed, log.Tail.Length == 0 ? problem : $"{problem}{Environment.NewLine}{log.Tail}", build.Folder, "Mend that step of the Dockerfile and build again; the steps before it are cached.", e);
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new SandboxException(SandboxError.TemplateInvalid, $"The folder '{build.Folder}' cannot be sent to the engine: {e.Message}", build.Folder, "Mend it, or name in .dockerignore what is not needed.", e);
        }
        finally
        {
            observer.Report(new OperationProgress(activity, "") { Completed = true });
        }

        return await FindAsync(build.Name, cancellationToken).ConfigureAwait(false)
            ?? throw new SandboxException(SandboxError.ImageBuildFailed, $"The engine built '{build.Name}', but does not have it.", build.Name);
    }
}
