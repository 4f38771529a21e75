using System.CommandLine;
using System.CommandLine.Parsing;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Lists sandboxes.</summary>
internal sealed class ListVerb : Verb
{
    private static readonly string[] StateNames = [.. Enum.GetNames<SandboxState>().Select(name => name.ToLowerInvariant())];

    private readonly Option<bool> _all = CommonOptions.Flag("--all", "Other people's too.", aliases: "-a");
    private readonly Option<bool> _stale = CommonOptions.Flag("--stale", "Only those that cleanup would remove: past their deadline, ended, or never started.");
    private readonly Option<SandboxState?> _state = new("--state") { Description = $"Only those that are in this state: {string.Join(", ", StateNames)}.", HelpName = "STATE", CustomParser = ParseState };
    private readonly Option<Dictionary<string, string>?> _metadata = CommonOptions.Metadata("Only those that bear this note; may be repeated, and all must hold.");

    /// <summary>Creates the verb.</summary>
    public ListVerb()
        : base(
            "list",
            "Lists your sandboxes, oldest first.",
            "docker-sandbox list",
            "docker-sandbox list --all --stale",
            "docker-sandbox list --state running --metadata run=42",
            "docker-sandbox list --json | jq -r '.[].name'")
    {
        _state.CompletionSources.Add(StateNames);
        Add(_all);
        Add(_stale);
        Add(_state);
        Add(_metadata);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var all = session.Parse.GetValue(_all);
        var filter = new SandboxFilter
        {
            Owner = all ? null : session.Owner,
            Stale = session.Parse.GetValue(_stale),
            State = session.Parse.GetValue(_state),
            Metadata = session.Parse.GetValue(_metadata),
        };
        var sandboxes = await session.Manager.ListAsync(filter, cancellationToken);
        if (session.Json)
        {
            session.WriteDocument(sandboxes, CliJson.Default.IReadOnlyListSandbox);
            return ExitCodes.Success;
        }

        var now = DateTimeOffset.UtcNow;
        var table = all
            ? new Table("NAME", "ID", "STATE", "FROM", "PORTS", ">AGE", "ENDS", "OWNER")
            : new Table("NAME", "ID", "STATE", "FROM", "PORTS", ">AGE", "ENDS");
        foreach (var one in sandboxes)
        {
            string[] cells = [one.Name, one.ShortId, one.State.ToString().ToLowerInvariant(), one.Template ?? one.Image, string.Join(' ', one.Ports), Duration.Describe(now - one.CreatedAt), TimeText.Deadline(one.Deadline, now)];
            table.Add(all ? [.. cells, one.Owner] : cells);
        }

        session.WriteTable(table, all ? "There are none." : "You have none; --all shows other people's too.");
        return ExitCodes.Success;
    }

    private static SandboxState? ParseState(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (StateNames.Contains(text, StringComparer.OrdinalIgnoreCase))
            return Enum.Parse<SandboxState>(text, ignoreCase: true);

        result.AddError($"--state '{text}' is no state. There are: {string.Join(", ", StateNames)}.");
        return null;
    }
}
