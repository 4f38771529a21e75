using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Processes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Ends a process.</summary>
internal sealed class StopVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string> _process;
    private readonly Option<TimeSpan?> _grace = CommonOptions.Duration("--grace", "How long it has between being asked to end and being killed; 0 kills at once. Default: 2s.", allowZero: true);

    /// <summary>Creates the verb.</summary>
    public StopVerb()
        : base(
            "stop",
            "Ends a process with everything that it started, wherever it went.",
            "docker-sandbox stop $ID $PROCESS",
            "docker-sandbox stop $ID server --grace 10s",
            "docker-sandbox stop $ID server --grace 0")
    {
        _process = CommonOptions.Process(_sandbox);
        Add(_sandbox);
        Add(_process);
        Add(_grace);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var reference = CommonOptions.ToProcess(session.Parse.GetRequiredValue(_process));
        var grace = session.Parse.GetValue(_grace) ?? SandboxProcesses.DefaultGrace;
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        var stopped = await session.Manager.Processes.StopAsync(sandbox, reference, grace, session.Observer, cancellationToken);
        if (session.Json)
            session.WriteDocument(StopDocument.For(stopped), CliJson.Default.StopDocument);
        else
            session.Note(stopped.Killed.Count == 0 ? $"{reference} had ended already." : $"Ended {Counts.Some(stopped.Killed)}.");

        return ExitCodes.Success;
    }
}
