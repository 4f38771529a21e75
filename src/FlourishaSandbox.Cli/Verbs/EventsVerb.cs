using System.CommandLine;
using System.IO.Enumeration;
using FlourishaSandbox.Audit;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Tells what was done to sandboxes.</summary>
internal sealed class EventsVerb : Verb
{
    private readonly Argument<string[]> _sandboxes = new("ID") { HelpName = "ID", Description = "Sandboxes: names, with the wildcards * and ?, or ids. They need not be there any more. Default: all.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string[]?> _actions = new("--action") { Description = "Only this action, with wildcards: create, exec, 'copy-*', remove; may be repeated.", HelpName = "ACTION", Arity = ArgumentArity.OneOrMore };
    private readonly Option<TimeSpan?> _since = CommonOptions.Duration("--since", "Only what was done no longer ago than this.");
    private readonly Option<string?> _owner = new("--owner") { Description = "Only what this owner did.", HelpName = "OWNER" };
    private readonly Option<bool> _failed = CommonOptions.Flag("--failed", "Only what failed, was given up, ran out of time or never ended, and commands with an exit code other than 0.");
    private readonly Option<bool> _engineEvents = CommonOptions.Flag("--engine-events", "Also what the Docker Engine tells of sandboxes.");
    private readonly Option<int?> _last = CommonOptions.Count("--last", "Only so many of the newest.");
    private readonly Option<bool> _follow = CommonOptions.Flag("--follow", "From now on, each as soon as it has ended, until Ctrl+C.", aliases: "-f");

    /// <summary>Creates the verb.</summary>
    public EventsVerb()
        : base(
            "events",
            "Prints what was done to sandboxes from this machine, oldest first, also to those that are gone. With --json each event is a document on a line of its own.",
            "docker-sandbox events --since 1h",
            "docker-sandbox events build --action exec --failed",
            "docker-sandbox events --follow --engine-events --json | jq -c '[.action, .sandbox, .result]'")
    {
        _sandboxes.CompletionSources.Add(Completions.Sandboxes);
        foreach (Option option in (Option[])[_actions, _since, _owner, _failed, _engineEvents, _last, _follow])
            Add(option);

        Add(_sandboxes);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var filter = ReadFilter(session.Parse);
        var engine = session.Parse.GetValue(_engineEvents);
        session.Observer.Verbose($"Reading '{session.Manager.Events.Path}'.");
        if (session.Parse.GetValue(_follow))
        {
            await foreach (var one in session.Manager.Events.FollowAsync(filter, engine, cancellationToken))
                Write(session, one);

            return ExitCodes.Success;
        }

        var events = await session.Manager.Events.ListAsync(filter, engine, cancellationToken);
        foreach (var one in events.TakeLast(session.Parse.GetValue(_last) ?? int.MaxValue))
            Write(session, one);

        if (events.Count == 0)
            session.Note("There are none.");

        return ExitCodes.Success;
    }

    private static void Write(Session session, SandboxEvent one)
    {
        if (session.Json)
        {
            session.WriteDocumentLine(one, CliJson.Default.SandboxEvent);
            return;
        }

        session.WriteLine($"{one.Time.ToLocalTime():yyyy-MM-dd HH:mm:ss.fff}  {one.Action,-15} {Printable.Line(one.Sandbox ?? "-"),-20} {one.DescribeResult(),-12} {Printable.Line(one.DescribeDetail())}".TrimEnd());
    }

    private SandboxEventFilter ReadFilter(ParseResult parse)
    {
        var sandboxes = parse.GetValue(_sandboxes) ?? [];
        var actions = parse.GetValue(_actions) ?? [];
        return new SandboxEventFilter
        {
            Sandbox = sandboxes.Length == 0 ? null : (name, id) => sandboxes.Any(wanted => FileSystemName.MatchesSimpleExpression(wanted, name) || (wanted.Length >= 4 && id?.StartsWith(wanted, StringComparison.Ordinal) == true)),
            Action = actions.Length == 0 ? null : action => actions.Any(wanted => FileSystemName.MatchesSimpleExpression(wanted, action)),
            Since = DateTimeOffset.UtcNow - parse.GetValue(_since),
            Owner = parse.GetValue(_owner),
            Failed = parse.GetValue(_failed),
        };
    }
}
