using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Commands;

/// <summary>A command to run in a sandbox.</summary>
public sealed record CommandRequest
{
    /// <summary>A line for <c>/bin/sh -c</c>; with <see cref="Arguments"/>, the program to start without a shell.</summary>
    public required string Command { get; init; }

    /// <summary>The program's arguments, passed on as they are; null to have a shell read <see cref="Command"/>.</summary>
    public IReadOnlyList<string>? Arguments { get; init; }

    /// <summary>The folder to start in, absolute; null for the sandbox's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables beside the sandbox's own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The user to run as; null for the sandbox's.</summary>
    public string? User { get; init; }

    /// <summary>How long it may run before it and all its descendants are killed; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What the engine is asked to start.</summary>
    internal IReadOnlyList<string> CommandLine => Arguments is null ? ["/bin/sh", "-c", Command] : [Command, .. Arguments];

    /// <summary>Checks everything that can be checked without an engine.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: a value cannot be used.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Command))
            throw InvalidOption.Create("Command", Command, "is empty", "Give a command line, or a program and its arguments.");

        if (CommandLine.FirstOrDefault(part => part.Contains('\0', StringComparison.Ordinal)) is { } part)
            throw InvalidOption.Create("Command", part.Replace("\0", "␀", StringComparison.Ordinal), "holds a NUL character", "No program can be given one.");

        if (Timeout is { } timeout && timeout != System.Threading.Timeout.InfiniteTimeSpan && timeout <= TimeSpan.Zero)
            throw InvalidOption.Create("Timeout", timeout, "is not positive", "Give a span such as 00:00:30, or leave it out for no limit.");

        new SandboxOptions { Environment = Environment, User = User, WorkingDirectory = WorkingDirectory }.Validate();
    }
}
