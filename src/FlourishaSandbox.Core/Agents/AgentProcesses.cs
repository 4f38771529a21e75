using FlourishaSandbox.Commands;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Process;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Agents;

/// <summary>Processes that live longer than a call, through the agent.</summary>
/// <param name="agents">The agents.</param>
/// <param name="commands">Runs what somebody waits for.</param>
internal sealed class AgentProcesses(AgentDirectory agents, AgentCommands commands) : ISandboxProcesses
{
    // Input travels as base64 in JSON of at most 4 MiB.
    private const int InputPiece = 1 << 20;

    /// <inheritdoc/>
    public Task<SandboxProcess> StartAsync(Sandbox sandbox, CommandRequest request, ProcessOptions options, CancellationToken cancellationToken) =>
        agents.AskAsync(sandbox, async agent =>
        {
            var start = new StartRequest
            {
                Process = AgentCommands.ToConfig(request),
                Tag = options.Tag,
                Stdin = options.KeepInputOpen,
                Flourisha = new StartOptions { OutputLimit = options.OutputLimit },
            };

            // The stream is left as soon as it says that the process runs, and the process goes on.
            var events = agent.StreamAsync(EnvdRoutes.Process + "Start", start, EnvdJson.Default.StartRequest, EnvdJson.Default.ProcessEventResponse, AgentCommands.TimeoutOf(request), cancellationToken);
            await foreach (var message in events.ConfigureAwait(false))
            {
                if (message.Event?.Start is { } started)
                    return (await ListAsync(agent, sandbox, includeEnded: true, cancellationToken).ConfigureAwait(false)).Last(process => process.Id == started.Pid);
            }

            throw new AgentLostException("the agent's stream ended before the process had started");
        }, refusal => AgentCommands.StartFailed(sandbox, request, refusal));

    /// <inheritdoc/>
    public Task<IReadOnlyList<SandboxProcess>> ListAsync(Sandbox sandbox, bool includeEnded, CancellationToken cancellationToken) =>
        agents.AskAsync(sandbox, agent => ListAsync(agent, sandbox, includeEnded, cancellationToken));

    /// <inheritdoc/>
    public Task<ProcessReceipt> ReceiveAsync(Sandbox sandbox, ProcessReference process, long offset, bool follow, ICommandOutput output, CancellationToken cancellationToken) =>
        agents.AskAsync(sandbox, async agent =>
        {
            var request = new ConnectRequest { Process = ToSelector(process), Flourisha = new ConnectOptions { Offset = offset, NoFollow = !follow } };
            var events = agent.StreamAsync(EnvdRoutes.Process + "Connect", request, EnvdJson.Default.ConnectRequest, EnvdJson.Default.ProcessEventResponse, timeout: null, cancellationToken);
            var (position, lost, exit) = (offset, 0L, (CommandExit?)null);
            await foreach (var message in events.ConfigureAwait(false))
            {
                switch (message.Event)
                {
                    case { Start.Flourisha: { } begin }:
                        (position, lost) = (begin.Offset, begin.Lost);
                        break;

                    case { Data: { } data }:
                        position += await AgentRun.TakeAsync(data, output, cancellationToken).ConfigureAwait(false);
                        break;

                    case { End: { } end }:
                        exit = AgentRun.ToExit(end);
                        break;
                }
            }

            await output.CompleteAsync(cancellationToken).ConfigureAwait(false);
            return new ProcessReceipt(position, lost, exit);
        }, refusal => NotFound(sandbox, process, refusal));

    /// <inheritdoc/>
    public Task<StoppedProcess> StopAsync(Sandbox sandbox, ProcessReference process, TimeSpan grace, CancellationToken cancellationToken) =>
        agents.AskAsync(sandbox, async agent =>
        {
            var before = await FindAsync(agent, sandbox, process, cancellationToken).ConfigureAwait(false);
            var request = new StopRequest(ToSelector(process), (int)grace.TotalMilliseconds);
            var answer = await agent.CallAsync(EnvdRoutes.Stop, request, EnvdJson.Default.StopRequest, EnvdJson.Default.StopResponse, cancellationToken).ConfigureAwait(false);
            var after = await FindAsync(agent, sandbox, process, cancellationToken).ConfigureAwait(false);
            return new StoppedProcess(after ?? before ?? throw new ConnectException(ConnectCode.NotFound, "it is forgotten"), AgentRun.ToEnded(answer.Killed));
        }, refusal => NotFound(sandbox, process, refusal));

    /// <inheritdoc/>
    public Task SendInputAsync(Sandbox sandbox, ProcessReference process, ReadOnlyMemory<byte> input, CancellationToken cancellationToken) =>
        agents.AskAsync(sandbox, async agent =>
        {
            var meant = await FindAsync(agent, sandbox, process, cancellationToken).ConfigureAwait(false);
            if (meant is { State: ProcessState.Ended })
                throw new ConnectException(ConnectCode.FailedPrecondition, "it has ended");

            for (var rest = input; rest.Length > 0; rest = rest[Math.Min(rest.Length, InputPiece)..])
                await AgentRun.SendAsync(agent, ToSelector(process), rest[..Math.Min(rest.Length, InputPiece)].ToArray(), meant?.HasTerminal ?? false, cancellationToken).ConfigureAwait(false);

            return true;
        }, refusal => InputFailed(sandbox, process, refusal));

    /// <inheritdoc/>
    public Task CloseInputAsync(Sandbox sandbox, ProcessReference process, CancellationToken cancellationToken) =>
        agents.AskAsync(sandbox, async agent =>
        {
            await AgentRun.CloseAsync(agent, ToSelector(process), cancellationToken).ConfigureAwait(false);
            return true;
        }, refusal => InputFailed(sandbox, process, refusal));

    /// <inheritdoc/>
    public Task<CommandExit> RunTerminalAsync(Sandbox sandbox, CommandRequest request, TerminalSession terminal, CancellationToken cancellationToken) =>
        commands.RunTerminalAsync(sandbox, request, terminal, cancellationToken);

    private static ProcessSelector ToSelector(ProcessReference process) => process.Id is { } id ? new ProcessSelector { Pid = id } : new ProcessSelector { Tag = process.Text };

    private static async Task<SandboxProcess?> FindAsync(AgentClient agent, Sandbox sandbox, ProcessReference reference, CancellationToken cancellationToken) =>
        (await ListAsync(agent, sandbox, includeEnded: true, cancellationToken).ConfigureAwait(false)).LastOrDefault(process => reference.Id is { } id ? process.Id == id : process.Tag == reference.Text);

    private static SandboxException? NotFound(Sandbox sandbox, ProcessReference process, ConnectException refusal) => refusal.Code == ConnectCode.NotFound
        ? new SandboxException(SandboxError.ProcessNotFound, $"There is no process '{process}' in sandbox '{sandbox}'.", process.Text, "List them with Get-SandboxProcess -All or 'docker-sandbox ps --all'; those that ended long ago are forgotten.", refusal)
        : null;

    private static SandboxException? InputFailed(Sandbox sandbox, ProcessReference process, ConnectException refusal) => refusal.Code == ConnectCode.NotFound
        ? NotFound(sandbox, process, refusal)
        : new SandboxException(SandboxError.InputClosed, $"Process {process} in sandbox '{sandbox}' takes no input: {refusal.Message}", process.Text, "Start it with -KeepInputOpen, and write to it while it runs.", refusal);

    private static async Task<IReadOnlyList<SandboxProcess>> ListAsync(AgentClient agent, Sandbox sandbox, bool includeEnded, CancellationToken cancellationToken)
    {
        var request = new ListRequest { Flourisha = new ListOptions(includeEnded) };
        var answer = await agent.CallAsync(EnvdRoutes.Process + "List", request, EnvdJson.Default.ListRequest, EnvdJson.Default.ListResponse, cancellationToken).ConfigureAwait(false);
        return [.. (answer.Processes ?? []).Select(process => ToProcess(sandbox, process))];
    }

    private static SandboxProcess ToProcess(Sandbox sandbox, ProcessInfo process)
    {
        var details = process.Flourisha ?? new ProcessDetails();
        return new SandboxProcess
        {
            Sandbox = sandbox,
            Id = process.Pid,
            Command = ToLine(process.Config),
            Tag = AgentCommands.IsOwnTag(process.Tag) ? null : process.Tag,
            WorkingDirectory = process.Config?.Cwd,
            StartedAt = details.StartedAt,
            EndedAt = details.EndedAt,
            ExitCode = details.End?.ExitCode,
            TimedOut = details.End?.Flourisha?.TimedOut ?? false,
            Exceeded = AgentRun.ToLimit(details.End?.Flourisha?.Exceeded),
            HasTerminal = details.Pty,
            TreeSize = details.Running,
            OutputBytes = details.Offset,
            LostBytes = details.Kept,
        };
    }

    private static string ToLine(ProcessConfig? config) => config switch
    {
        null => "",
        { Cmd: "/bin/sh", Args: ["-c", var line] } => line,
        { Cmd: "/bin/bash", Args: ["-l", "-c", var line] } => line,
        _ => string.Join(' ', new[] { config.Cmd }.Concat(config.Args ?? []).Select(word => word.Length > 0 && !word.Any(char.IsWhiteSpace) ? word : $"'{word}'")),
    };
}
