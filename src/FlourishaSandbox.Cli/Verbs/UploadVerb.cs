using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Copies files into a sandbox.</summary>
internal sealed class UploadVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string[]> _paths = new("PATH")
    {
        Description = "Files and folders here, and last a path in the sandbox. An existing folder, a path that ends in '/', or with several sources any path, is copied into; else the one source gets this name.",
        Arity = new ArgumentArity(2, 100_000),
    };

    /// <summary>Creates the verb.</summary>
    /// <param name="group">The verb that it stands under, with a space behind it; nothing where it stands alone.</param>
    public UploadVerb(string group = "")
        : base(
            "upload",
            "Copies files and folders into a sandbox, where they belong to its user.",
            $"docker-sandbox {group}upload $ID app.py /workspace/",
            $"docker-sandbox {group}upload $ID ./src requirements.txt /workspace/",
            $"docker-sandbox {group}upload $ID config.test.json config.json",
            $"docker-sandbox {group}upload $ID -- -odd-name.txt /workspace/")
    {
        Add(_sandbox);
        Add(_paths);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var paths = session.Parse.GetRequiredValue(_paths);
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        var copied = await session.Manager.Files.UploadAsync(sandbox, paths[..^1], paths[^1], session.Observer, cancellationToken);
        if (session.Json)
            session.WriteDocument([.. copied.Select(CopyDocument.For)], CliJson.Default.IReadOnlyListCopyDocument);

        foreach (var item in copied)
            session.Note($"{item.Source} -> {sandbox}:{item.Destination} ({Counts.Files(item.Files)}, {Sizes.Format(item.Bytes)})");

        return ExitCodes.Success;
    }
}
