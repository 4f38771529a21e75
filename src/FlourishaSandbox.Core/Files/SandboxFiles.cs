using System.Formats.Tar;
using System.IO.Enumeration;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Files;

/// <summary>Copies files into and out of sandboxes, as one tar stream each way, and lists them.</summary>
/// <param name="runtime">What carries the sandboxes.</param>
public sealed partial class SandboxFiles(ISandboxRuntime runtime)
{
    /// <summary>
    /// Copies local files and folders into a sandbox; they then belong to the sandbox's user. An existing folder, and a destination
    /// that ends in '/', is copied into; else the one source gets the destination's name. Missing folders are made.
    /// </summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="sources">Local paths, each of which exists.</param>
    /// <param name="destination">A path in the sandbox; a relative one begins in its working directory.</param>
    /// <param name="observer">Hears how far it has come, in bytes.</param>
    /// <param name="cancellationToken">Ends the copy. What had arrived whole by then stays.</param>
    /// <returns>One object for each source.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.PathNotFound"/>, <see cref="SandboxError.PathNotUsable"/>, or what the runtime throws.</exception>
    public async Task<IReadOnlyList<CopiedItem>> UploadAsync(Sandbox sandbox, IReadOnlyList<string> sources, string destination, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(observer);

        foreach (var source in sources)
        {
            if (!Path.Exists(source) && new FileInfo(source).LinkTarget is null)
                throw new SandboxException(SandboxError.PathNotFound, $"There is no file or folder '{source}' on this machine.", source, "Check the path; a relative one begins in the current folder.");
        }

        var target = SandboxPath.Resolve(destination, sandbox.WorkingDirectory);
        var existing = await runtime.StatAsync(sandbox, target.TrimEnd('/') is "" ? "/" : target.TrimEnd('/'), cancellationToken).ConfigureAwait(false);
        var isFolder = existing is { IsDirectory: true } || target.EndsWith('/') || sources.Count > 1;
        if (isFolder && existing is { IsDirectory: false })
            throw new SandboxException(SandboxError.PathNotUsable, $"'{target}' in sandbox '{sandbox}' is a file, and cannot be copied into.", target, "Name a folder, or copy a single file over it.");

        var folder = isFolder ? target.TrimEnd('/') : SandboxPath.Parent(target);
        var (root, missing) = await FindRootAsync(sandbox, folder, existing is { IsDirectory: true }, cancellationToken).ConfigureAwait(false);

        var owner = await runtime.GetOwnerAsync(sandbox, cancellationToken).ConfigureAwait(false);
        var activity = $"Copying to {sandbox}:{target}";
        observer.Verbose($"Copying {string.Join(", ", sources)} to '{target}' in sandbox '{sandbox}'.");
        var copied = new List<CopiedItem>();
        var progress = new CopyProgress(observer, activity, sources.Sum(UploadArchive.Measure));
        try
        {
            await runtime.WriteArchiveAsync(sandbox, root, async (stream, token) =>
            {
                var tar = new TarWriter(stream, TarEntryFormat.Gnu, leaveOpen: true);
                await using (tar.ConfigureAwait(false))
                {
                    var archive = new UploadArchive(owner, progress);
                    await archive.WriteFoldersAsync(tar, missing, token).ConfigureAwait(false);
                    foreach (var source in sources)
                    {
                        var path = isFolder ? SandboxPath.Combine(folder, LocalName(source)) : target;
                        var (files, bytes) = (progress.Files, progress.Bytes);
                        await archive.WriteAsync(tar, source, path[root.Length..].TrimStart('/'), token).ConfigureAwait(false);
                        copied.Add(new CopiedItem(sandbox, source, path, progress.Files - files, progress.Bytes - bytes, []));
                    }
                }
            }, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            progress.Complete();
        }

        return copied;
    }

    /// <summary>
    /// Copies a file or folder out of a sandbox. An existing local folder, and a destination that ends in a separator, is copied into;
    /// else the source gets the destination's name. Nothing is written outside the destination; what the sandbox sent and was refused
    /// is named in the result.
    /// </summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="source">A path in the sandbox; the last component may have the wildcards * and ?.</param>
    /// <param name="destination">A local path.</param>
    /// <param name="observer">Hears how far it has come, in bytes.</param>
    /// <param name="cancellationToken">Ends the copy. No file is left half written.</param>
    /// <returns>One object for each file or folder that was meant.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.PathNotFound"/>, <see cref="SandboxError.PathNotUsable"/>, <see cref="SandboxError.UnsafeEntry"/>, or what the runtime throws.</exception>
    public async Task<IReadOnlyList<CopiedItem>> DownloadAsync(Sandbox sandbox, string source, string destination, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(observer);

        var path = SandboxPath.Resolve(source, sandbox.WorkingDirectory);
        var paths = SandboxPath.HasWildcard(path)
            ? (await ListAsync(sandbox, path, recurse: false, cancellationToken).ConfigureAwait(false)).Select(item => item.Path).ToList()
            : [path];

        var isFolder = Directory.Exists(destination) || Path.EndsInDirectorySeparator(destination) || SandboxPath.HasWildcard(path);
        if (isFolder && File.Exists(destination))
            throw new SandboxException(SandboxError.PathNotUsable, $"'{destination}' is a file, and cannot be copied into.", destination, "Name a folder, or copy a single file over it.");

        var copied = new List<CopiedItem>();
        foreach (var one in paths)
        {
            var name = SandboxPath.Name(one) is { Length: > 0 } last ? last : sandbox.Name;
            RefuseUnsafeName(sandbox, one, name);
            copied.Add(await DownloadOneAsync(sandbox, one, isFolder ? Path.Combine(destination, name) : destination, observer, cancellationToken).ConfigureAwait(false));
        }

        return copied;
    }

    /// <summary>Lists a folder of a sandbox, or shows one file.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="path">A path; the last component may have the wildcards * and ?.</param>
    /// <param name="recurse">Whether to list what is in the folders too. Links are not followed.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The items, ordered by path.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.PathNotFound"/>, or what the runtime throws.</exception>
    public async Task<IReadOnlyList<SandboxItem>> ListAsync(Sandbox sandbox, string path, bool recurse, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        var target = SandboxPath.Resolve(path, sandbox.WorkingDirectory);
        if (!SandboxPath.HasWildcard(target))
            return await FileListing.ReadAsync(runtime, sandbox, target, recurse, cancellationToken).ConfigureAwait(false);

        var pattern = SandboxPath.Name(target);
        var siblings = await FileListing.ReadAsync(runtime, sandbox, SandboxPath.Parent(target) + "/", recurse: false, cancellationToken).ConfigureAwait(false);
        var matches = siblings.Where(item => FileSystemName.MatchesSimpleExpression(pattern, item.Name, ignoreCase: false)).ToList();
        if (!recurse)
            return matches;

        var items = new List<SandboxItem>();
        foreach (var match in matches)
        {
            items.Add(match);
            if (match.Type == SandboxItemType.Directory)
                items.AddRange(await FileListing.ReadAsync(runtime, sandbox, match.Path, recurse, cancellationToken).ConfigureAwait(false));
        }

        return items;
    }

    private async Task<CopiedItem> DownloadOneAsync(Sandbox sandbox, string path, string target, OperationObserver observer, CancellationToken cancellationToken)
    {
        observer.Verbose($"Copying '{path}' from sandbox '{sandbox}' to '{target}'.");
        var archive = await runtime.ReadArchiveAsync(sandbox, path.TrimEnd('/') is "" ? "/" : path.TrimEnd('/'), cancellationToken).ConfigureAwait(false);
        await using (archive.ConfigureAwait(false))
        {
            var progress = new CopyProgress(observer, $"Copying {sandbox}:{path}", total: null);
            try
            {
                if (Path.GetDirectoryName(Path.GetFullPath(target)) is { } parent)
                    Directory.CreateDirectory(parent);

                var extraction = new DownloadArchive(target, progress);
                // Reading may block, as writing files does: neither is for one of the few threads that everybody shares.
                await Task.Factory.StartNew(() => extraction.ExtractAsync(archive, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap().ConfigureAwait(false);

                return new CopiedItem(sandbox, path, target, progress.Files, progress.Bytes, extraction.Refused);
            }
            catch (HttpIOException e)
            {
                throw new SandboxException(SandboxError.EngineUnreachable, $"The connection to {sandbox.Engine} was lost while '{path}' was copied: {e.Message}", path, "Copy again; no file is left half written.", e);
            }
            catch (Exception e) when (e is UnauthorizedAccessException || (e is IOException && e.HResult != 0 && e is not EndOfStreamException))
            {
                throw new SandboxException(SandboxError.PathNotUsable, $"Copying to '{target}' failed: {e.Message}", target, "Check free space and permissions there.", e);
            }
            finally
            {
                progress.Complete();
            }
        }
    }

    // The engine unpacks only into a folder that exists; those that are missing below it come first in the archive.
    private async Task<(string Root, IReadOnlyList<string> Missing)> FindRootAsync(Sandbox sandbox, string folder, bool exists, CancellationToken cancellationToken)
    {
        var root = folder.Length == 0 ? "/" : folder;
        var missing = new List<string>();
        while (!exists && root != "/")
        {
            var info = await runtime.StatAsync(sandbox, root, cancellationToken).ConfigureAwait(false);
            if (info is { IsDirectory: false })
                throw new SandboxException(SandboxError.PathNotUsable, $"'{root}' in sandbox '{sandbox}' is a file, and nothing can be copied below it.", root, "Name another folder.");

            exists = info is not null;
            if (!exists)
            {
                missing.Insert(0, root);
                root = SandboxPath.Parent(root);
            }
        }

        return (root, missing.ConvertAll(path => path[root.Length..].TrimStart('/')));
    }

    // With a wildcard the names are the sandbox's, and it may say '..'.
    private static void RefuseUnsafeName(Sandbox sandbox, string path, string name)
    {
        if (name is "." or ".." || name.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0)
            throw new SandboxException(SandboxError.UnsafeEntry, $"Sandbox '{sandbox}' says that it has '{path}', which cannot be the name of a file here.", path, "Nothing was copied for it. Copy the folder instead, and do not trust this sandbox.");
    }

    private static string LocalName(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
}
