namespace FlourishaSandbox.Cli;

/// <summary>Exit codes that no <see cref="Sandboxes.SandboxError"/> stands for.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>Something went wrong that has no code of its own.</summary>
    public const int Failure = 1;

    /// <summary>A command was killed at its time-out, as <c>timeout</c> of coreutils has it.</summary>
    public const int TimedOut = 124;

    /// <summary>Whoever read our output went away: what the shell shows for a program that SIGPIPE ended.</summary>
    public const int ClosedOutput = 128 + 13;
}
