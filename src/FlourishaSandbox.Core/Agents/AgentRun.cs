using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Process;
using FlourishaSandbox.Processes;

namespace FlourishaSandbox.Agents;

/// <summary>One command from its start to its end: output comes, input and sizes go, all at once.</summary>
/// <param name="agent">The agent.</param>
/// <param name="start">What to start.</param>
/// <param name="input">What the command reads; null for nothing.</param>
/// <param name="output">Takes what it writes.</param>
/// <param name="resizes">Sizes of its terminal, as they come; null where it has none.</param>
internal sealed class AgentRun(AgentClient agent, StartRequest start, Stream? input, ICommandOutput output, ChannelReader<TerminalSize>? resizes)
{
    // The most that is sent at once.
    private const int InputPiece = 256 << 10;

    private ExceptionDispatchInfo? _failure;

    /// <summary>Whether the command was started.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Runs the command to its end.</summary>
    public async Task<CommandExit> FollowAsync(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        // Not disposed: what sends input may still cancel it after the command's end. The token that it is linked to ends with the call.
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var events = agent.StreamAsync(EnvdRoutes.Process + "Start", start, EnvdJson.Default.StartRequest, EnvdJson.Default.ProcessEventResponse, timeout, stop.Token);
            await foreach (var message in events.ConfigureAwait(false))
            {
                switch (message.Event)
                {
                    case { Start: { } started }:
                        HasStarted = true;
                        var process = new ProcessSelector { Pid = started.Pid };
                        if (input is not null)
                            _ = GuardAsync(FeedAsync(process, stop.Token), stop);

                        if (resizes is not null)
                            _ = GuardAsync(ResizeAsync(process, resizes, stop.Token), stop);

                        break;

                    case { Data: { } data }:
                        await TakeAsync(data, output, stop.Token).ConfigureAwait(false);
                        break;

                    case { End: { } end }:
                        return ToExit(end);
                }
            }

            throw new AgentLostException("the agent's stream ended before the command did");
        }
        catch (OperationCanceledException) when (_failure is not null)
        {
            // What failed while reading the input of a command that still ran has to be told.
            _failure.Throw();
            throw;
        }
        finally
        {
            // A terminal or an open pipe may never end; the command has, and that is what counts.
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Hands on what a process wrote.</summary>
    public static async ValueTask<int> TakeAsync(ProcessDataEvent data, ICommandOutput output, CancellationToken cancellationToken)
    {
        var bytes = data.Stdout ?? data.Stderr ?? data.Pty ?? [];
        if (bytes.Length > 0)
            await output.WriteAsync(data.Stderr is not null ? OutputSource.Error : OutputSource.Output, bytes, cancellationToken).ConfigureAwait(false);

        return bytes.Length;
    }

    /// <summary>How a process ended, as a command's end.</summary>
    public static CommandExit ToExit(ProcessEndEvent end)
    {
        var isTimedOut = end.Flourisha?.TimedOut ?? false;
        return new CommandExit(isTimedOut ? null : end.ExitCode, isTimedOut) { Exceeded = ToLimit(end.Flourisha?.Exceeded), Killed = end.Flourisha?.Killed is { Count: > 0 } killed ? ToEnded(killed) : null };
    }

    /// <summary>The limit for which a process was ended; null for none, and for one of a newer agent that has no name here.</summary>
    public static LimitKind? ToLimit(string? exceeded) => exceeded switch
    {
        ExceededLimits.Memory => LimitKind.Memory,
        ExceededLimits.Disk => LimitKind.Disk,
        ExceededLimits.Output => LimitKind.Output,
        _ => null,
    };

    /// <summary>What was killed.</summary>
    public static IReadOnlyList<EndedProcess> ToEnded(IReadOnlyList<KilledProcess>? killed) => [.. (killed ?? []).Select(each => new EndedProcess(each.Pid, each.Name))];

    // Ends the reading of output where the input failed: the command may wait for a rest that will not come.
    private async Task GuardAsync(Task sending, CancellationTokenSource stop)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return; // the command has ended
        }
#pragma warning disable CA1031 // Whoever waits for the output throws it on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(e);
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task FeedAsync(ProcessSelector process, CancellationToken cancellationToken)
    {
        var isTerminal = start.Pty is not null;
        var buffer = new byte[InputPiece];
        try
        {
            while (true)
            {
                // Not on the caller's thread: reading from a console or a pipe may block, whatever its signature says.
                var read = await Task.Run(async () => await input!.ReadAsync(buffer, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
                if (read > 0)
                {
                    await SendAsync(agent, process, buffer.AsSpan(0, read).ToArray(), isTerminal, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                if (!isTerminal)
                    await CloseAsync(agent, process, cancellationToken).ConfigureAwait(false);

                return;
            }
        }
        catch (Exception e) when (e is ConnectException or AgentLostException)
        {
            return; // the command ended, or closed its input, before it had read everything; its end tells the rest
        }
    }

    /// <summary>Writes to a process's input.</summary>
    public static Task SendAsync(AgentClient agent, ProcessSelector process, byte[] data, bool isTerminal, CancellationToken cancellationToken) =>
        agent.CallAsync(
            EnvdRoutes.Process + "SendInput",
            new SendInputRequest(process, isTerminal ? new ProcessInput { Pty = data } : new ProcessInput { Stdin = data }),
            EnvdJson.Default.SendInputRequest,
            EnvdJson.Default.EmptyMessage,
            cancellationToken);

    /// <summary>Closes a process's input.</summary>
    public static Task CloseAsync(AgentClient agent, ProcessSelector process, CancellationToken cancellationToken) =>
        agent.CallAsync(EnvdRoutes.Process + "CloseStdin", new CloseStdinRequest(process), EnvdJson.Default.CloseStdinRequest, EnvdJson.Default.EmptyMessage, cancellationToken);

    private async Task ResizeAsync(ProcessSelector process, ChannelReader<TerminalSize> sizes, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var size in sizes.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                var request = new UpdateRequest(process, new Pty(new PtySize(size.Columns, size.Rows)));
                await agent.CallAsync(EnvdRoutes.Process + "Update", request, EnvdJson.Default.UpdateRequest, EnvdJson.Default.EmptyMessage, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is ConnectException or AgentLostException)
        {
            return; // the command has ended
        }
    }
}
