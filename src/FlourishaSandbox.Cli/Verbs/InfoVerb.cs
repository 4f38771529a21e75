using System.CommandLine;
using System.Globalization;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Tells all that is known of a sandbox.</summary>
internal sealed class InfoVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();

    /// <summary>Creates the verb.</summary>
    public InfoVerb()
        : base(
            "info",
            "Tells all that is known of a sandbox. Times are UTC.",
            "docker-sandbox info $ID",
            "docker-sandbox info $ID --json | jq -r .deadline")
    {
        Aliases.Add("status");
        Add(_sandbox);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var sandbox = await session.Manager.LookAtAsync(CommonOptions.ToReference(session.Parse.GetRequiredValue(_sandbox)), cancellationToken);
        if (session.Json)
            session.WriteDocument(sandbox, CliJson.Default.Sandbox);
        else
            session.WriteLines(Facts(sandbox).Select(fact => $"{fact.Name + ':',-11} {Printable.Line(fact.Value)}".TrimEnd()));

        return ExitCodes.Success;
    }

    private static IEnumerable<(string Name, string Value)> Facts(Sandbox sandbox) =>
    [
        ("name", sandbox.Name),
        ("id", sandbox.Id),
        ("state", sandbox.State.ToString().ToLowerInvariant()),
        ("template", sandbox.Template ?? ""),
        ("image", sandbox.Image),
        ("owner", sandbox.Owner),
        ("created", TimeText.Moment(sandbox.CreatedAt)),
        ("ends", TimeText.DeadlineInFull(sandbox.Deadline, DateTimeOffset.UtcNow)),
        ("memory", Sizes.Format(sandbox.Limits.Memory)),
        ("cpus", sandbox.Limits.Cpus.ToString(CultureInfo.InvariantCulture)),
        ("processes", sandbox.Limits.PidLimit.ToString(CultureInfo.InvariantCulture)),
        ("user", sandbox.User ?? ""),
        ("workdir", sandbox.WorkingDirectory),
        ("ports", string.Join(' ', sandbox.Ports)),
        ("metadata", string.Join(' ', sandbox.Metadata.Select(pair => $"{pair.Key}={pair.Value}"))),
        ("agent", sandbox.AgentVersion ?? "none: commands go through the Docker Engine"),
        ("engine", sandbox.Engine),
    ];
}
