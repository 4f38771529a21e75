namespace FlourishaSandbox.Sandboxes;

/// <summary>A failure that has a name: what went wrong, what it is about, and what to do next.</summary>
public sealed class SandboxException : Exception
{
    /// <summary>Creates a failure.</summary>
    /// <param name="error">Which failure it is.</param>
    /// <param name="message">One or two sentences that name the offending value.</param>
    /// <param name="target">The sandbox, path or value that the failure is about.</param>
    /// <param name="remedy">What the user can do next, or null where the message says it.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public SandboxException(SandboxError error, string message, object? target = null, string? remedy = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Error = error;
        Target = target;
        Remedy = remedy;
    }

    /// <summary>Which failure it is.</summary>
    public SandboxError Error { get; }

    /// <summary>The sandbox, path or value that the failure is about; null where there is none.</summary>
    public object? Target { get; }

    /// <summary>What the user can do next; null where the message says it already.</summary>
    public string? Remedy { get; }
}
