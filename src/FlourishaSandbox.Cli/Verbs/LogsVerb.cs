using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Commands;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Shows what a process wrote.</summary>
internal sealed class LogsVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string> _process;
    private readonly Option<bool> _follow = CommonOptions.Flag("--follow", "Go on until the process ends.", aliases: "-f");

    /// <summary>Creates the verb.</summary>
    public LogsVerb()
        : base(
            "logs",
            "Writes what a process in the background wrote, from the start: its output to standard output, its errors to standard error.",
            "docker-sandbox logs $ID $PROCESS",
            "docker-sandbox logs $ID server --follow",
            "docker-sandbox logs $ID server --json | jq -r .stderr")
    {
        _process = CommonOptions.Process(_sandbox);
        Add(_sandbox);
        Add(_process);
        Add(_follow);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var reference = CommonOptions.ToProcess(session.Parse.GetRequiredValue(_process));
        var follow = session.Parse.GetValue(_follow);
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        if (!session.Json)
        {
            await session.Manager.Processes.ReceiveAsync(sandbox, reference, fromStart: true, follow, new CommandStreams(), session.Observer, cancellationToken);
            return ExitCodes.Success;
        }

        using var output = new CommandOutputBuffer();
        var process = await session.Manager.Processes.GetAsync(sandbox, reference, cancellationToken);
        var receipt = await session.Manager.Processes.ReceiveAsync(sandbox, new(process), fromStart: true, follow, output, session.Observer, cancellationToken);
        session.WriteDocument(LogsDocument.For(process, receipt, output), CliJson.Default.LogsDocument);
        return ExitCodes.Success;
    }
}
