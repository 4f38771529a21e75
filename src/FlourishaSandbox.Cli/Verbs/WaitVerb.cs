using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Waits for a process.</summary>
internal sealed class WaitVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string> _process;
    private readonly Option<TimeSpan?> _timeout = CommonOptions.Duration("--timeout", "How long to wait (then exit code 124); the process goes on. Default: no limit.", allowUnlimited: true);

    /// <summary>Creates the verb.</summary>
    public WaitVerb()
        : base(
            "wait",
            "Waits until a process in the background has ended. Its exit code becomes the caller's.",
            "docker-sandbox wait $ID $PROCESS",
            "docker-sandbox wait $ID build --timeout 10m && echo built")
    {
        _process = CommonOptions.Process(_sandbox);
        Add(_sandbox);
        Add(_process);
        Add(_timeout);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var reference = CommonOptions.ToProcess(session.Parse.GetRequiredValue(_process));
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        var process = await session.Manager.Processes.WaitAsync(sandbox, reference, session.Parse.GetValue(_timeout), cancellationToken);
        if (session.Json)
            session.WriteDocument(ProcessDocument.For(process), CliJson.Default.ProcessDocument);

        return process.TimedOut ? ExitCodes.TimedOut : process.ExitCode ?? ExitCodes.Failure;
    }
}
