using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Freezes sandboxes.</summary>
internal sealed class PauseVerb : SandboxesVerb
{
    /// <summary>Creates the verb.</summary>
    public PauseVerb()
        : base(
            "pause",
            "Freezes sandboxes with all that runs in them, and prints their ids. They keep their memory, and use no CPU.",
            "docker-sandbox pause $ID")
    {
    }

    /// <inheritdoc/>
    protected override Task<Sandbox> DoAsync(Session session, Sandbox sandbox, CancellationToken cancellationToken) =>
        session.Manager.Lifecycle.SuspendAsync(sandbox, session.Observer, cancellationToken);
}
