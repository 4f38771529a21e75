using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Audit;

/// <summary>Which events are wanted. What is null does not matter.</summary>
public sealed record SandboxEventFilter
{
    /// <summary>Decides by a sandbox's name and id. A function, because PowerShell and the shell each have wildcards of their own.</summary>
    public Func<string, string?, bool>? Sandbox { get; init; }

    /// <summary>Decides by the action.</summary>
    public Func<string, bool>? Action { get; init; }

    /// <summary>The earliest time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The latest time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Whose; null for everybody's.</summary>
    public string? Owner { get; init; }

    /// <summary>Whether only what failed, was cancelled, ran out of time or never ended is wanted, and commands with an exit code other than 0.</summary>
    public bool Failed { get; init; }

    /// <summary>Whether an event is wanted.</summary>
    /// <param name="one">The event.</param>
    /// <returns>True where every condition holds.</returns>
    public bool Matches(SandboxEvent one)
    {
        ArgumentNullException.ThrowIfNull(one);
        return (Sandbox is null || (one.Sandbox is not null && Sandbox(one.Sandbox, one.SandboxId)))
            && (Action is null || Action(one.Action))
            && (Since is null || one.Time >= Since)
            && (Until is null || one.Time <= Until)
            && (Owner is null || one.Owner == Owner)
            && (!Failed || one.Result != SandboxEventResult.Succeeded || one.ExitCode is not (null or 0));
    }

    /// <summary>Checks the times.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: the span ends before it begins.</exception>
    public void Validate()
    {
        if (Since > Until)
            throw InvalidOption.Create("Until", Until, $"is before {Since:O}, where the span begins", "Swap the two.");
    }
}
