using System.CommandLine;
using System.Globalization;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Lists files in a sandbox.</summary>
internal sealed class LsVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string> _path = new("PATH") { Description = "A file or folder; the last part may have the wildcards * and ?. Default: the sandbox's working directory.", DefaultValueFactory = _ => "." };
    private readonly Option<bool> _recurse = CommonOptions.Flag("--recurse", "List what is in the folders too.", aliases: "-R");

    /// <summary>Creates the verb.</summary>
    public LsVerb()
        : base(
            "ls",
            "Lists the files in a folder of a sandbox. Times are UTC.",
            "docker-sandbox ls $ID",
            "docker-sandbox ls $ID /workspace/src --recurse",
            "docker-sandbox ls $ID '/var/log/*.log'",
            "docker-sandbox ls $ID --json")
    {
        Add(_sandbox);
        Add(_path);
        Add(_recurse);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var recurse = session.Parse.GetValue(_recurse);
        var sandbox = await session.Manager.GetAsync(CommonOptions.ToReference(session.Parse.GetRequiredValue(_sandbox)), cancellationToken);
        var items = await session.Manager.Files.ListAsync(sandbox, session.Parse.GetRequiredValue(_path), recurse, cancellationToken);
        if (session.Json)
        {
            session.WriteDocument([.. items.Select(FileDocument.For)], CliJson.Default.IReadOnlyListFileDocument);
            return ExitCodes.Success;
        }

        var table = new Table("MODE", "OWNER", "GROUP", ">SIZE", "MODIFIED", "NAME");
        foreach (var item in items)
        {
            var name = recurse ? item.Path : item.Name;
            table.Add(item.Mode, item.Owner, item.Group, item.Size.ToString(CultureInfo.InvariantCulture), TimeText.Moment(item.Modified), item.LinkTarget is null ? name : $"{name} -> {item.LinkTarget}");
        }

        session.WriteTable(table, "Nothing is there.");
        return ExitCodes.Success;
    }
}
