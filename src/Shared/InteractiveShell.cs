using FlourishaSandbox.Commands;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Terminals;

/// <summary>A shell in a sandbox on this process's terminal.</summary>
internal static class InteractiveShell
{
    // No login shell: /etc/profile would set a PATH of its own in place of the image's.
    private const string Shell = "if command -v bash >/dev/null 2>&1; then exec bash; else exec sh; fi";
    private const string DefaultTerminal = "xterm-256color";

    /// <summary>Runs the shell, or another command, to its end.</summary>
    /// <param name="manager">The sandbox's.</param>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="command">A line for its /bin/sh; null for bash where there is one, else sh.</param>
    /// <param name="workingDirectory">The folder to start in; null for the sandbox's.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: there is no terminal here. Else what RunTerminalAsync throws.</exception>
    public static async Task<CommandExit> RunAsync(SandboxManager manager, Sandbox sandbox, string? command, string? workingDirectory, OperationObserver observer, CancellationToken cancellationToken)
    {
        var request = new CommandRequest { Command = command ?? Shell, WorkingDirectory = workingDirectory, Environment = DescribeTerminal() };
        request.Validate();
        using var terminal = RawTerminal.Open();
        return await manager.Processes.RunTerminalAsync(sandbox, request, terminal.Session, observer, cancellationToken).ConfigureAwait(false);
    }

    // What programs inside must know of the terminal outside.
    private static Dictionary<string, string> DescribeTerminal()
    {
        var variables = new Dictionary<string, string> { ["TERM"] = Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } term ? term : DefaultTerminal };
        if (Environment.GetEnvironmentVariable("COLORTERM") is { Length: > 0 } colors)
            variables["COLORTERM"] = colors;

        return variables;
    }
}
