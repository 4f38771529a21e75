using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Removes files in a sandbox.</summary>
internal sealed class FilesRmVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string[]> _paths = new("PATH") { Description = "The files and folders, named exactly. A link is removed itself.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> _recurse = CommonOptions.Flag("--recurse", "Remove folders with everything in them; else only empty ones.", aliases: ["-r", "-R"]);
    private readonly Option<bool> _force = CommonOptions.Flag("--force", "Take what is not there for removed.", aliases: "-f");

    /// <summary>Creates the verb.</summary>
    public FilesRmVerb()
        : base(
            "rm",
            "Removes files and folders in a sandbox.",
            "docker-sandbox files rm $ID old.log",
            "docker-sandbox files rm $ID -r -f node_modules dist")
    {
        Add(_sandbox);
        Add(_paths);
        Add(_recurse);
        Add(_force);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        var removed = new List<string>();
        foreach (var path in session.Parse.GetRequiredValue(_paths))
        {
            var item = await session.Manager.Files.FindAsync(sandbox, path, cancellationToken);
            if (item is null && session.Parse.GetValue(_force))
                continue;

            if (item is null)
                throw new SandboxException(SandboxError.PathNotFound, $"There is nothing at '{path}' in sandbox '{sandbox}'.", path, "Add --force to take that for removed.");

            if (item.Type == SandboxItemType.Directory && !session.Parse.GetValue(_recurse) && (await session.Manager.Files.ListAsync(sandbox, item.Path, recurse: false, cancellationToken)).Count > 0)
                throw new SandboxException(SandboxError.PathNotUsable, $"The folder '{item}' in sandbox '{sandbox}' is not empty.", item.Path, "Add --recurse to remove it with everything in it.");

            await session.Manager.Files.RemoveAsync(sandbox, path, cancellationToken);
            removed.Add(path);
        }

        if (session.Json)
            session.WriteDocument(removed, CliJson.Default.IReadOnlyListString);

        return ExitCodes.Success;
    }
}
