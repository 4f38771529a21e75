using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Agent.Processes;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FlourishaSandbox.Agent;

/// <summary>How the agent ends: with all that it started, and never without it.</summary>
/// <param name="table">What it started.</param>
internal sealed class AgentLife(ProcessTable table)
{
    /// <summary>The exit code after SIGTERM.</summary>
    public const int TerminatedExitCode = 143;

    /// <summary>The exit code at the deadline, that of <c>timeout</c>.</summary>
    public const int DeadlineExitCode = 124;

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_farewell = TimeSpan.FromMilliseconds(300);

    private readonly TaskCompletionSource<(int ExitCode, TimeSpan Grace)> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the end has begun.</summary>
    public bool IsEnding => _end.Task.IsCompleted;

    /// <summary>Begins the end.</summary>
    /// <param name="exitCode">The exit code.</param>
    /// <param name="grace">How long processes have between TERM and KILL; null for 2 s.</param>
    public void End(int exitCode, TimeSpan? grace = null) => _end.TrySetResult((exitCode, grace ?? s_grace));

    /// <summary>Waits for the end, and carries it out.</summary>
    /// <param name="server">The server.</param>
    /// <returns>Never, but for the compiler: the process ends.</returns>
    public async Task<int> RunAsync(KestrelServer server)
    {
        var (exitCode, grace) = await _end.Task;
        table.Close(exitCode == DeadlineExitCode ? "the sandbox ends: its deadline passed" : "the sandbox is being stopped");
        await table.EndAllAsync(grace);

        // Clients hear how their processes ended, if they listen.
        using var patience = new CancellationTokenSource(s_farewell);
        try
        {
            await server.StopAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // Somebody does not listen.
        }

        LibC.Exit(exitCode);
        return exitCode;
    }
}
