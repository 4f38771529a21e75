using System.CommandLine;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Starts sandboxes that have stopped.</summary>
internal sealed class StartVerb : SandboxesVerb
{
    private readonly Option<TimeSpan?> _timeout = CommonOptions.Duration("--timeout", "How long they live from now on. Default: as long again as they were given at first.", allowUnlimited: true);

    /// <summary>Creates the verb.</summary>
    public StartVerb()
        : base(
            "start",
            "Starts sandboxes that have stopped, as they were started at first, and prints their ids.",
            "docker-sandbox start $ID",
            "docker-sandbox start $ID --timeout 2h")
    {
        Add(_timeout);
    }

    /// <inheritdoc/>
    protected override Task<Sandbox> DoAsync(Session session, Sandbox sandbox, CancellationToken cancellationToken) =>
        session.Manager.Lifecycle.StartAsync(sandbox, session.Parse.GetValue(_timeout), session.Observer, cancellationToken);
}
