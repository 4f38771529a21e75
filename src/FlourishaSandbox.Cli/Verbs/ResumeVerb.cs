using System.CommandLine;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Lets suspended sandboxes go on.</summary>
internal sealed class ResumeVerb : SandboxesVerb
{
    private readonly Option<TimeSpan?> _timeout = CommonOptions.Duration("--timeout", "How long they live from now on. Default: a deadline that is to come stays, one that has passed is set anew.", allowUnlimited: true);

    /// <summary>Creates the verb.</summary>
    public ResumeVerb()
        : base(
            "resume",
            "Lets suspended sandboxes go on, whether they were suspended by pause or at their deadline, and prints their ids.",
            "docker-sandbox resume $ID",
            "docker-sandbox resume $ID --timeout 2h")
    {
        Add(_timeout);
    }

    /// <inheritdoc/>
    protected override Task<Sandbox> DoAsync(Session session, Sandbox sandbox, CancellationToken cancellationToken) =>
        session.Manager.Lifecycle.ResumeAsync(sandbox, session.Parse.GetValue(_timeout), session.Observer, cancellationToken);
}
