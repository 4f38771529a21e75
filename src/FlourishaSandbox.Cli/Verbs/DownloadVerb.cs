using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Copies files out of a sandbox.</summary>
internal sealed class DownloadVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string> _remote = new("REMOTE") { Description = "A file or folder in the sandbox; the last part may have the wildcards * and ?." };
    private readonly Argument<string> _local = new("LOCAL") { Description = "Where to: an existing folder, or a path that ends in '/', is copied into; else what is copied gets this name." };

    /// <summary>Creates the verb.</summary>
    /// <param name="group">The verb that it stands under, with a space behind it; nothing where it stands alone.</param>
    public DownloadVerb(string group = "")
        : base(
            "download",
            "Copies a file or folder out of a sandbox. Nothing is written outside LOCAL; what a sandbox tries to put elsewhere is refused and named, and the exit code is 1.",
            $"docker-sandbox {group}download $ID report.pdf .",
            $"docker-sandbox {group}download $ID /workspace/dist ./dist",
            $"docker-sandbox {group}download $ID '/workspace/*.log' logs/")
    {
        Add(_sandbox);
        Add(_remote);
        Add(_local);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        var copied = await session.Manager.Files.DownloadAsync(sandbox, session.Parse.GetRequiredValue(_remote), session.Parse.GetRequiredValue(_local), session.Observer, cancellationToken);
        if (session.Json)
            session.WriteDocument([.. copied.Select(CopyDocument.For)], CliJson.Default.IReadOnlyListCopyDocument);

        foreach (var item in copied)
            session.Note($"{sandbox}:{item.Source} -> {item.Destination} ({Counts.Files(item.Files)}, {Sizes.Format(item.Bytes)})");

        var refused = copied.SelectMany(item => item.Refused).ToList();
        foreach (var entry in refused)
            session.Report(new SandboxException(SandboxError.UnsafeEntry, $"Refused: {entry}.", entry.Name));

        return refused.Count == 0 ? ExitCodes.Success : SandboxError.UnsafeEntry.ExitCode();
    }
}
