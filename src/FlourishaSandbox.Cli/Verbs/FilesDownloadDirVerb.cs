using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Copies what is in a folder out of a sandbox.</summary>
internal sealed class FilesDownloadDirVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string> _remote = new("REMOTE") { Description = "A folder in the sandbox." };
    private readonly Argument<string> _local = new("LOCAL") { Description = "The folder here that gets what is in REMOTE; it is made where it is missing." };

    /// <summary>Creates the verb.</summary>
    public FilesDownloadDirVerb()
        : base(
            "download-dir",
            "Copies everything that is in a folder of a sandbox into a folder here. Nothing is written outside LOCAL; what a sandbox tries to put elsewhere is refused and named, and the exit code is 1.",
            "docker-sandbox files download-dir $ID /workspace/dist ./dist")
    {
        Add(_sandbox);
        Add(_remote);
        Add(_local);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var (remote, local) = (session.Parse.GetRequiredValue(_remote).TrimEnd('/'), session.Parse.GetRequiredValue(_local));
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);

        // A folder that is not there yet is the copy itself, in one stream; into one that is there goes what is in the sandbox's.
        var source = Directory.Exists(local) ? remote + "/*" : remote.Length == 0 ? "/" : remote;
        var copied = await session.Manager.Files.DownloadAsync(sandbox, source, Path.TrimEndingDirectorySeparator(local), session.Observer, cancellationToken);
        if (session.Json)
            session.WriteDocument([.. copied.Select(CopyDocument.For)], CliJson.Default.IReadOnlyListCopyDocument);

        session.Note($"{sandbox}:{remote} -> {local} ({Counts.Files(copied.Sum(item => item.Files))}, {Sizes.Format(copied.Sum(item => item.Bytes))})");
        var refused = copied.SelectMany(item => item.Refused).ToList();
        foreach (var entry in refused)
            session.Report(new SandboxException(SandboxError.UnsafeEntry, $"Refused: {entry}.", entry.Name));

        return refused.Count == 0 ? ExitCodes.Success : SandboxError.UnsafeEntry.ExitCode();
    }
}
