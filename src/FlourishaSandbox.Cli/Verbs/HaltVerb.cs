using System.CommandLine;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Ends everything in sandboxes.</summary>
internal sealed class HaltVerb : SandboxesVerb
{
    private readonly Option<TimeSpan?> _grace = CommonOptions.Duration("--grace", "How long processes have between being asked to end and being killed. Default: 10s.", allowZero: true);

    /// <summary>Creates the verb.</summary>
    public HaltVerb()
        : base(
            "halt",
            "Ends everything that runs in sandboxes, and prints their ids. Their files stay; start starts them again.",
            "docker-sandbox halt $ID",
            "docker-sandbox halt $ID --grace 1m")
    {
        Add(_grace);
    }

    /// <inheritdoc/>
    protected override Task<Sandbox> DoAsync(Session session, Sandbox sandbox, CancellationToken cancellationToken) =>
        session.Manager.Lifecycle.StopAsync(sandbox, session.Parse.GetValue(_grace) ?? SandboxLifecycle.DefaultGrace, session.Observer, cancellationToken);
}
