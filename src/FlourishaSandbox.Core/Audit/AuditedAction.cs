using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Audit;

/// <summary>An action that is about to be done.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Sandbox">The sandbox; null where there is none yet, or it is about none.</param>
/// <param name="Detail">What else matters, not masked yet; null values are left out.</param>
internal sealed record AuditedAction(string Name, Sandbox? Sandbox, params (string Key, string? Value)[] Detail)
{
    /// <summary>
    /// Whether it is done even where it cannot be written down: what takes something away or holds it up. A full disk must not keep
    /// anybody from removing what fills it.
    /// </summary>
    public bool Frees { get; init; }
}

/// <summary>What an action that succeeded has to add.</summary>
/// <param name="Sandbox">The sandbox that it made.</param>
/// <param name="ExitCode">A command's exit code.</param>
/// <param name="TimedOut">Whether a command's time was over.</param>
internal readonly record struct AuditedEnd(Sandbox? Sandbox = null, int? ExitCode = null, bool TimedOut = false);
