using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Images;

/// <summary>
/// Sees to it that images are there: a template's is built when it is first needed, any other is pulled. A template's image bears a tag
/// made of everything that it is built from, so that a changed template never runs as it was.
/// </summary>
/// <param name="runtime">What holds the images.</param>
/// <param name="settings">Names the base image, where the user has a wish.</param>
public sealed class ImageStore(ISandboxRuntime runtime, SandboxSettings settings)
{
    /// <summary>The build argument by which a Dockerfile lets others choose what it builds on.</summary>
    public const string BaseImageArgument = "BASE_IMAGE";

    /// <summary>What <c>build.sh</c> makes where no container registry can be reached; used wherever the engine has it.</summary>
    public const string LocalBaseImage = "flourisha-sandbox-base:bookworm";

    private const string Repository = "flourisha-sandbox";

    // Sandboxes that are created side by side wait for one build or pull instead of each running its own.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _locks = new(StringComparer.Ordinal);

    /// <summary>A template's image, built if it is missing.</summary>
    /// <param name="template">The template.</param>
    /// <param name="observer">Hears of the build.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The image.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.ImageBuildFailed"/>, or what the runtime throws.</exception>
    public async Task<SandboxImage> EnsureAsync(Template template, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(template);
        var build = await PlanAsync(template.Folder, name: null, template.Name, cancellationToken).ConfigureAwait(false);
        return await EnsureAsync(build.Name, token => runtime.BuildImageAsync(build, observer, token), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A template's image; null where it is not built yet.</summary>
    /// <param name="template">The template.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    /// <returns>The image, or null.</returns>
    public async Task<SandboxImage?> FindAsync(Template template, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(template);
        var build = await PlanAsync(template.Folder, name: null, template.Name, cancellationToken).ConfigureAwait(false);
        return await runtime.FindImageAsync(build.Name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>An image by its name; null where the engine does not have it.</summary>
    /// <param name="reference">A name as Docker writes it; without a tag, <c>latest</c>.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    /// <returns>The image, or null.</returns>
    public Task<SandboxImage?> FindAsync(string reference, CancellationToken cancellationToken) => runtime.FindImageAsync(reference, cancellationToken);

    /// <summary>An image by its name, pulled if it is missing.</summary>
    /// <param name="reference">A name as Docker writes it; without a tag, <c>latest</c>.</param>
    /// <param name="observer">Hears of the pull.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The image.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.ImageNotFound"/>, or what the runtime throws.</exception>
    public Task<SandboxImage> EnsureAsync(string reference, OperationObserver observer, CancellationToken cancellationToken) =>
        EnsureAsync(reference, async token =>
        {
            await runtime.PullImageAsync(reference, observer, token).ConfigureAwait(false);
            return await runtime.FindImageAsync(reference, token).ConfigureAwait(false)
                ?? throw new SandboxException(SandboxError.ImageNotFound, $"The image '{reference}' was pulled, but the engine does not have it.", reference);
        }, cancellationToken);

    /// <summary>Builds an image, whether or not it is there already.</summary>
    /// <param name="folder">A template's folder, or any folder with a Dockerfile.</param>
    /// <param name="name">The image's name; null for the one that a template of this folder has.</param>
    /// <param name="template">The template's name, where the folder is one's.</param>
    /// <param name="noCache">Whether to run every step again.</param>
    /// <param name="observer">Hears of every step.</param>
    /// <param name="cancellationToken">Ends the build.</param>
    /// <returns>The image.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.ImageBuildFailed"/>, <see cref="SandboxError.TemplateInvalid"/>, or what the runtime throws.</exception>
    public async Task<SandboxImage> BuildAsync(string folder, string? name, string? template, bool noCache, OperationObserver observer, CancellationToken cancellationToken)
    {
        var build = await PlanAsync(Template.Load(folder).Folder, name, template, cancellationToken).ConfigureAwait(false);
        return await runtime.BuildImageAsync(build with { NoCache = noCache }, observer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The images that were built here, by name.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The images.</returns>
    public async Task<IReadOnlyList<SandboxImage>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await runtime.ListImagesAsync(cancellationToken).ConfigureAwait(false)).OrderBy(image => image.Name, StringComparer.Ordinal)];

    private async Task<SandboxImage> EnsureAsync(string name, Func<CancellationToken, Task<SandboxImage>> make, CancellationToken cancellationToken)
    {
        if (await runtime.FindImageAsync(name, cancellationToken).ConfigureAwait(false) is { } image)
            return image;

        var one = _locks.GetOrAdd(name, _ => new SemaphoreSlim(1));
        await one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await runtime.FindImageAsync(name, cancellationToken).ConfigureAwait(false)
                ?? await make(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            one.Release();
        }
    }

    private async Task<ImageBuild> PlanAsync(string folder, string? name, string? template, CancellationToken cancellationToken)
    {
        var arguments = new Dictionary<string, string>();
        if (await ChooseBaseAsync(folder, cancellationToken).ConfigureAwait(false) is { } baseImage)
            arguments[BaseImageArgument] = baseImage;

        return new ImageBuild
        {
            Name = name ?? $"{Repository}/{template ?? Path.GetFileName(folder)}:{Fingerprint(folder, arguments)}",
            Template = template,
            Folder = folder,

            // How a build gets at the internet changes nothing about what is built, so the name does not depend on it.
            Arguments = arguments.Concat(ProxyEnvironment.For(settings.Proxy)).ToDictionary(),
        };
    }

    private async Task<string?> ChooseBaseAsync(string folder, CancellationToken cancellationToken)
    {
        // The engine warns of an argument that no Dockerfile declares.
        var dockerfile = await File.ReadAllTextAsync(Path.Combine(folder, "Dockerfile"), cancellationToken).ConfigureAwait(false);
        if (!dockerfile.Contains($"ARG {BaseImageArgument}", StringComparison.Ordinal))
            return null;

        return settings.BaseImage
            ?? (await runtime.FindImageAsync(LocalBaseImage, cancellationToken).ConfigureAwait(false) is null ? null : LocalBaseImage);
    }

    // As a build's context is sent: links are links, and whether a file can be executed counts.
    private static void AppendFolder(IncrementalHash hash, DirectoryInfo folder, string prefix)
    {
        foreach (var item in folder.EnumerateFileSystemInfos().OrderBy(item => item.Name, StringComparer.Ordinal))
        {
            var name = prefix + item.Name;
            if (item.LinkTarget is { } target)
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0-> {target}\0"));
            }
            else if (item is DirectoryInfo below)
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"{name}/\0"));
                AppendFolder(hash, below, name + "/");
            }
            else
            {
                var isProgram = !OperatingSystem.IsWindows() && item.UnixFileMode.HasFlag(UnixFileMode.UserExecute);
                hash.AppendData(Encoding.UTF8.GetBytes($"{name}{(isProgram ? "*" : "")}\0"));
                hash.AppendData(SHA256.HashData(File.ReadAllBytes(item.FullName)));
            }
        }
    }

    private static string Fingerprint(string folder, Dictionary<string, string> arguments)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendFolder(hash, new DirectoryInfo(folder), "");

        foreach (var (key, value) in arguments)
            hash.AppendData(Encoding.UTF8.GetBytes($"{key}={value}\0"));

        return Convert.ToHexString(hash.GetHashAndReset())[..12].ToLowerInvariant();
    }
}
