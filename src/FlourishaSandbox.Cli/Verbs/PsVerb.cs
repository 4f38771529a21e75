using System.CommandLine;
using System.Globalization;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Lists processes.</summary>
internal sealed class PsVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Option<bool> _all = CommonOptions.Flag("--all", "Those that have ended too, as long as their output is kept.", aliases: "-a");

    /// <summary>Creates the verb.</summary>
    public PsVerb()
        : base(
            "ps",
            "Lists the processes that were started in a sandbox from outside, oldest first.",
            "docker-sandbox ps $ID",
            "docker-sandbox ps $ID --all --json")
    {
        Add(_sandbox);
        Add(_all);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        var processes = await session.Manager.Processes.ListAsync(sandbox, session.Parse.GetValue(_all), cancellationToken);
        if (session.Json)
        {
            session.WriteDocument([.. processes.Select(ProcessDocument.For)], CliJson.Default.IReadOnlyListProcessDocument);
            return ExitCodes.Success;
        }

        var now = DateTimeOffset.UtcNow;
        var table = new Table(">PROCESS", "TAG", "STATE", ">AGE", ">EXIT", "COMMAND");
        foreach (var one in processes)
            table.Add(one.Id.ToString(CultureInfo.InvariantCulture), one.Tag ?? "", one.State.ToString().ToLowerInvariant(), Duration.Describe(now - one.StartedAt), End(one), one.Command);

        session.WriteTable(table, session.Parse.GetValue(_all) ? "There are none." : "None is running; --all shows those that have ended too.");
        return ExitCodes.Success;
    }

    private static string End(SandboxProcess process) => process.TimedOut ? "timeout" : process.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "";
}
