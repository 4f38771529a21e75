using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Lists files in a sandbox.</summary>
internal sealed class LsVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string?> _path = new("PATH") { Description = "A file or folder; the last part may have the wildcards * and ?. Default: the sandbox's working directory.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _recurse = CommonOptions.Flag("--recurse", "List what is in the folders too.", aliases: "-R");

    /// <summary>Creates the verb.</summary>
    /// <param name="group">The verb that it stands under, with a space behind it; nothing where it stands alone.</param>
    public LsVerb(string group = "")
        : base(
            "ls",
            "Lists the files in a folder of a sandbox. Times are UTC.",
            $"docker-sandbox {group}ls $ID",
            $"docker-sandbox {group}ls $ID /workspace/src --recurse",
            $"docker-sandbox {group}ls $ID '/var/log/*.log'",
            $"docker-sandbox {group}ls $ID --json")
    {
        Add(_sandbox);
        Add(_path);
        Add(_recurse);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var recurse = session.Parse.GetValue(_recurse);
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        var items = await session.Manager.Files.ListAsync(sandbox, session.Parse.GetValue(_path) ?? ".", recurse, cancellationToken);
        if (session.Json)
        {
            session.WriteDocument([.. items.Select(FileDocument.For)], CliJson.Default.IReadOnlyListFileDocument);
            return ExitCodes.Success;
        }

        session.WriteTable(FileTable.For(items, item => recurse ? item.Path : item.Name), "Nothing is there.");
        return ExitCodes.Success;
    }
}
