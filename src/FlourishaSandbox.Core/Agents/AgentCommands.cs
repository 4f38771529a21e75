using FlourishaSandbox.Commands;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Process;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Agents;

/// <summary>Commands through the agent that somebody waits for.</summary>
/// <param name="agents">The agents.</param>
internal sealed class AgentCommands(AgentDirectory agents)
{
    // What a time-out's end may take beyond it: the grace that the agent gives, and some more.
    private static readonly TimeSpan TimeoutSlack = TimeSpan.FromSeconds(15);

    // No user's tag has a slash.
    private const string OwnTag = "flourisha/";

    // How long ending a command may take that nobody waits for any more.
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    /// <summary>Runs a command to its end; see <see cref="Runtimes.ISandboxRuntime.RunAsync"/>.</summary>
    public async Task<CommandExit> RunAsync(Sandbox sandbox, CommandRequest request, Stream? input, ICommandOutput output, CancellationToken cancellationToken) =>
        await RunAsync(sandbox, request, new StartRequest
        {
            Process = ToConfig(request),
            Stdin = input is not null,
            Flourisha = new StartOptions { EndWithStream = true },
        }, input, output, resizes: null, cancellationToken).ConfigureAwait(false);

    /// <summary>Runs a command on a terminal; see <see cref="Runtimes.ISandboxProcesses.RunTerminalAsync"/>.</summary>
    public async Task<CommandExit> RunTerminalAsync(Sandbox sandbox, CommandRequest request, TerminalSession terminal, CancellationToken cancellationToken) =>
        await RunAsync(sandbox, request, new StartRequest
        {
            Process = ToConfig(request),
            Pty = new Pty(new PtySize(terminal.Size.Columns, terminal.Size.Rows)),
            Flourisha = new StartOptions { EndWithStream = true },
        }, terminal.Input, terminal.Output, terminal.Resizes, cancellationToken).ConfigureAwait(false);

    /// <summary>What a command is as a process.</summary>
    public static ProcessConfig ToConfig(CommandRequest request) => new()
    {
        Cmd = request.CommandLine[0],
        Args = [.. request.CommandLine.Skip(1)],
        Envs = request.Environment.Count > 0 ? request.Environment : null,
        Cwd = request.WorkingDirectory,
    };

    /// <summary>Whether a tag is one by which we find a command that somebody waits for, and nothing that a user gave.</summary>
    public static bool IsOwnTag(string? tag) => tag?.StartsWith(OwnTag, StringComparison.Ordinal) ?? false;

    /// <summary>How long a command may run; null for no limit.</summary>
    public static TimeSpan? TimeoutOf(CommandRequest request) => request.Timeout is { } timeout && timeout != Timeout.InfiniteTimeSpan ? Duration.ForTimer(timeout) : null;

    /// <summary>The failure for a start that the agent refused; null where the reason is another one.</summary>
    public static SandboxException? StartFailed(Sandbox sandbox, CommandRequest request, ConnectException refusal)
    {
        var program = request.CommandLine[0];
        return refusal.Code switch
        {
            ConnectCode.NotFound => new SandboxException(SandboxError.CommandNotFound, $"The program '{program}' does not exist in sandbox '{sandbox}'.", program, "Check the name, and that the image has it.", refusal),
            ConnectCode.PermissionDenied => new SandboxException(SandboxError.CommandNotFound, $"The program '{program}' may not be executed in sandbox '{sandbox}'.", program, "Check the name, and that its file may be executed.", refusal),
            ConnectCode.InvalidArgument when refusal.Message.Contains("cwd", StringComparison.Ordinal) =>
                new SandboxException(SandboxError.PathNotFound, $"There is no folder '{request.WorkingDirectory ?? sandbox.WorkingDirectory}' in sandbox '{sandbox}' to start in, or its user may not enter it.", request.WorkingDirectory, "Name another working directory, or make it first.", refusal),
            ConnectCode.ResourceExhausted => new SandboxException(SandboxError.EngineFailed, $"The program '{program}' could not be started in sandbox '{sandbox}': {refusal.Message}", program, "The sandbox may be at its limit of processes or memory; end some, or make one with more.", refusal),
            _ => null,
        };
    }

    private async Task<CommandExit> RunAsync(
        Sandbox sandbox, CommandRequest request, StartRequest start, Stream? input, ICommandOutput output, System.Threading.Channels.ChannelReader<TerminalSize>? resizes, CancellationToken cancellationToken)
    {
        var agent = agents.Get(sandbox);
        // By which it is found when it has to be ended, also before its number is known.
        start = start with { Tag = $"{OwnTag}{Guid.NewGuid():N}" };
        var timeout = TimeoutOf(request);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (timeout is { } limit)
            stop.CancelAfter(Duration.ForTimer(limit + TimeoutSlack));

        var run = new AgentRun(agent, start, input, output, resizes);
        try
        {
            var end = await run.FollowAsync(timeout, stop.Token).ConfigureAwait(false);
            await output.CompleteAsync(cancellationToken).ConfigureAwait(false);
            return end;
        }
        catch (ConnectException e) when (!run.HasStarted)
        {
            throw await agents.NameAsync(sandbox, e, refusal => StartFailed(sandbox, request, refusal)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AgentLostException or ConnectException { Code: ConnectCode.Unavailable } && !cancellationToken.IsCancellationRequested)
        {
            // Its stream broke off, so the agent ends the command; where the agent is gone, everything is.
            throw await agents.NameAsync(sandbox, e).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && stop.IsCancellationRequested)
        {
            // The agent should have ended it long ago.
            await EndAsync(agent, sandbox, start.Tag).ConfigureAwait(false);
            await output.CompleteAsync(CancellationToken.None).ConfigureAwait(false);
            return new CommandExit(null, TimedOut: true);
        }
        catch (Exception)
        {
            // The caller, or the taker of the output, has had enough.
            await EndAsync(agent, sandbox, start.Tag).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    /// <summary>Ends a command with all that it started, and returns when it is dead.</summary>
    private static async Task EndAsync(AgentClient agent, Sandbox sandbox, string tag)
    {
        using var limit = new CancellationTokenSource(EndLimit);
        try
        {
            // A request that was given up may still be on its way to its start; the agent then ends it, because nobody takes its output.
            for (var attempt = 0; attempt < 2; attempt++)
            {
                try
                {
                    await agent.CallAsync(EnvdRoutes.Stop, new StopRequest(new ProcessSelector { Tag = tag }), EnvdJson.Default.StopRequest, EnvdJson.Default.StopResponse, limit.Token).ConfigureAwait(false);
                    return;
                }
                catch (ConnectException e) when (e.Code == ConnectCode.NotFound)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token).ConfigureAwait(false);
                }
            }
        }
        catch (AgentLostException)
        {
            return; // the sandbox has ended, and everything in it
        }
        catch (Exception e) when (e is ConnectException or OperationCanceledException)
        {
            throw new SandboxException(SandboxError.AgentUnavailable, $"A command in sandbox '{sandbox}' was to be ended, and may still run: {e.Message}", sandbox, "Remove the sandbox; its deadline ends it too.", e);
        }
    }
}
