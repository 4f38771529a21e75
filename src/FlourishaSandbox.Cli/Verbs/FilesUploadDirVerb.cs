using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Copies what is in a folder into a sandbox.</summary>
internal sealed class FilesUploadDirVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string> _local = new("LOCAL") { Description = "A folder here." };
    private readonly Argument<string> _remote = new("REMOTE") { Description = "The folder in the sandbox that gets what is in LOCAL; it is made where it is missing." };

    /// <summary>Creates the verb.</summary>
    public FilesUploadDirVerb()
        : base(
            "upload-dir",
            "Copies everything that is in a folder into a folder of a sandbox.",
            "docker-sandbox files upload-dir $ID ./app /workspace/app")
    {
        Add(_sandbox);
        Add(_local);
        Add(_remote);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var (local, remote) = (session.Parse.GetRequiredValue(_local), session.Parse.GetRequiredValue(_remote));
        if (!Directory.Exists(local))
            throw new SandboxException(SandboxError.PathNotFound, $"There is no folder '{local}' on this machine.", local, "Check the path; for a single file there is files upload.");

        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        var content = Directory.GetFileSystemEntries(local).Order(StringComparer.Ordinal).ToList();
        if (content.Count == 0)
            await session.Manager.Files.MakeDirectoryAsync(sandbox, remote, cancellationToken);

        var copied = content.Count == 0 ? [] : await session.Manager.Files.UploadAsync(sandbox, content, remote.TrimEnd('/') + "/", session.Observer, cancellationToken);
        if (session.Json)
            session.WriteDocument([.. copied.Select(CopyDocument.For)], CliJson.Default.IReadOnlyListCopyDocument);

        session.Note($"{local} -> {sandbox}:{remote} ({Counts.Files(copied.Sum(item => item.Files))}, {Sizes.Format(copied.Sum(item => item.Bytes))})");
        return ExitCodes.Success;
    }
}
