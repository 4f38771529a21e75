namespace FlourishaSandbox.Sandboxes;

/// <summary>What the command line makes of a <see cref="SandboxError"/>.</summary>
public static class SandboxErrorExtensions
{
    /// <summary>
    /// The exit code of <c>docker-sandbox</c> for this failure: 2 for a wrong call (as bash and getopt have it), 3 for something that
    /// does not exist, 4 for something in the way, 5 for an engine that fails, 124 for a time-out and 127 for a missing program
    /// (as <c>timeout</c> and the shell have them), 1 for the rest.
    /// </summary>
    /// <param name="error">The failure.</param>
    /// <returns>An exit code from 1 to 127.</returns>
    public static int ExitCode(this SandboxError error) => error switch
    {
        SandboxError.InvalidOption or SandboxError.SandboxAmbiguous or SandboxError.TemplateInvalid => 2,
        SandboxError.SandboxNotFound or SandboxError.TemplateNotFound or SandboxError.ImageNotFound or SandboxError.CheckpointNotFound or SandboxError.PathNotFound or SandboxError.ProcessNotFound or SandboxError.PoolNotFound or SandboxError.PageNotFound or SandboxError.ElementNotFound => 3,
        SandboxError.NameInUse or SandboxError.SandboxNotRunning or SandboxError.PathNotUsable or SandboxError.PortNotReachable or SandboxError.InputClosed or SandboxError.LimitExceeded or SandboxError.AuditFailed => 4,
        SandboxError.EngineUnreachable or SandboxError.EngineFailed or SandboxError.AgentUnavailable => 5,
        SandboxError.TimedOut => 124,
        SandboxError.CommandNotFound => 127,
        _ => 1,
    };
}
