namespace FlourishaSandbox.Sandboxes;

/// <summary>One wording for every sandbox that does not run, with what to do about it.</summary>
internal static class NotRunning
{
    /// <summary>Makes the failure.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="state">What it is doing instead.</param>
    /// <param name="cause">What told so; null where nobody had to be asked.</param>
    public static SandboxException Create(Sandbox sandbox, SandboxState state, Exception? cause = null) => state switch
    {
        SandboxState.Suspended => new(SandboxError.SandboxNotRunning, $"Sandbox '{sandbox}' is suspended.", sandbox, "Let it go on with Resume-Sandbox or 'docker-sandbox resume'.", cause),
        SandboxState.Stopped => new(SandboxError.SandboxNotRunning, $"Sandbox '{sandbox}' has stopped.", sandbox, "Its files are there: start it again with Start-Sandbox or 'docker-sandbox start'.", cause),
        SandboxState.Created => new(SandboxError.SandboxNotRunning, $"Sandbox '{sandbox}' has not been started yet.", sandbox, "Wait for whoever makes it, or start it with Start-Sandbox.", cause),
        _ => new(SandboxError.SandboxNotRunning, $"Sandbox '{sandbox}' is {state.ToString().ToLowerInvariant()}.", sandbox, "Make a new one.", cause),
    };
}
