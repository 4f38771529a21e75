using FlourishaSandbox.Agent.Connect;
using FlourishaSandbox.Agent.Http;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Process;
using Microsoft.AspNetCore.Http;

namespace FlourishaSandbox.Agent.Processes;

/// <summary>The calls of <c>process.Process</c>, and <c>/flourisha/stop</c>.</summary>
/// <param name="state">What processes start with.</param>
/// <param name="table">The processes.</param>
/// <param name="launcher">What starts them.</param>
internal sealed class ProcessService(AgentState state, ProcessTable table, ProcessLauncher launcher)
{
    private const int LongestGraceMs = 600_000;

    private static readonly EmptyMessage s_done = new();

    /// <summary>Adds the calls.</summary>
    /// <param name="endpoints">To these.</param>
    public void Map(EndpointTable endpoints)
    {
        var json = EnvdJson.Default;
        endpoints.Map(EnvdRoutes.Process + "List", context => ConnectServer.UnaryAsync(context, json.ListRequest, json.ListResponse, ListAsync));
        endpoints.Map(EnvdRoutes.Process + "Start", StartAsync);
        endpoints.Map(EnvdRoutes.Process + "Connect", context => ConnectServer.StreamAsync(context, json.ConnectRequest, ConnectAsync));
        endpoints.Map(EnvdRoutes.Process + "Update", context => ConnectServer.UnaryAsync(context, json.UpdateRequest, json.EmptyMessage, UpdateAsync));
        endpoints.Map(EnvdRoutes.Process + "SendInput", context => ConnectServer.UnaryAsync(context, json.SendInputRequest, json.EmptyMessage, SendInputAsync));
        endpoints.Map(EnvdRoutes.Process + "StreamInput", context => ConnectServer.ClientStreamAsync(context, json.StreamInputRequest, json.EmptyMessage, StreamInputAsync));
        endpoints.Map(EnvdRoutes.Process + "SendSignal", context => ConnectServer.UnaryAsync(context, json.SendSignalRequest, json.EmptyMessage, SendSignalAsync));
        endpoints.Map(EnvdRoutes.Process + "CloseStdin", context => ConnectServer.UnaryAsync(context, json.CloseStdinRequest, json.EmptyMessage, CloseStdinAsync));
        endpoints.Map(EnvdRoutes.Stop, StopAsync);
    }

    private ValueTask<ListResponse> ListAsync(ListRequest request, CancellationToken cancellationToken)
    {
        var snapshot = ProcessSnapshot.Take();
        var all = request.Flourisha?.All == true;
        return new(new ListResponse([.. table.List().Where(process => all || process.End is null).Select(process => Describe(process, snapshot))]));
    }

    private static ProcessInfo Describe(AgentProcess process, ProcessSnapshot snapshot)
    {
        var (written, kept, _) = process.Output.Measure();
        var end = process.End;
        return new ProcessInfo
        {
            Config = process.Request.Process,
            Pid = process.Pid,
            Tag = process.Request.Tag,
            Flourisha = new ProcessDetails
            {
                StartedAt = process.StartedAt,
                EndedAt = end is null ? null : process.EndedAt,
                End = end,
                Pty = process.HasTerminal,
                Running = process.Gone.IsCompleted ? 0 : snapshot.DescendantsOf(process.SupervisorPid).Count,
                Offset = written,
                Kept = kept,
            },
        };
    }

    private Task StartAsync(HttpContext context) => ConnectServer.StreamAsync(
        context,
        EnvdJson.Default.StartRequest,
        (request, stream, cancellationToken) =>
        {
            RequestUser.Check(context, state.User);
            return StartAsync(request, stream, cancellationToken);
        },
        endsAtTimeout: false);

    private async Task StartAsync(StartRequest request, ConnectStream stream, CancellationToken cancellationToken)
    {
        var (process, reader) = await launcher.StartAsync(request, StartCheck.Check(request, state));
        if (stream.Timeout is { } timeout)
            process.EndAfter(timeout);

        var endsWithStream = request.Flourisha?.EndWithStream == true;
        try
        {
            await new ProcessStream(process, reader, stream, table).SendAsync(follows: true, tellsTimeout: request.Flourisha is not null, cancellationToken);
        }
        finally
        {
            reader.Dispose();
            if (endsWithStream)
            {
                if (process.End is null)
                    await process.EndAsync(process.Grace, EndCause.Asked);

                table.Forget(process);
            }
        }
    }

    private async Task ConnectAsync(ConnectRequest request, ConnectStream stream, CancellationToken cancellationToken)
    {
        var process = table.Find(request.Process);
        using var reader = process.Output.Attach(request.Flourisha?.Offset ?? 0);
        await new ProcessStream(process, reader, stream, table).SendAsync(request.Flourisha?.NoFollow != true, tellsTimeout: true, cancellationToken);
    }

    private ValueTask<EmptyMessage> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken)
    {
        var process = table.FindRunning(request.Process);
        if (request.Pty?.Size is not { } size)
            return new(s_done);

        StartCheck.CheckSize(size);
        if (!process.HasTerminal)
            throw new ConnectException(ConnectCode.FailedPrecondition, "the process has no terminal");

        InputPipe.Resize(process.Input!.Descriptor, size);
        return new(s_done);
    }

    private async ValueTask<EmptyMessage> SendInputAsync(SendInputRequest request, CancellationToken cancellationToken)
    {
        await WriteAsync(table.FindRunning(request.Process), request.Input, cancellationToken);
        return s_done;
    }

    private async ValueTask<EmptyMessage> StreamInputAsync(IAsyncEnumerable<StreamInputRequest> messages, CancellationToken cancellationToken)
    {
        AgentProcess? process = null;
        await foreach (var message in messages)
        {
            if ((message.Start is null ? 0 : 1) + (message.Data is null ? 0 : 1) + (message.Keepalive is null ? 0 : 1) != 1)
                throw new ConnectException(ConnectCode.InvalidArgument, "a message is either a start, data or a sign of life");

            if (message.Start is { } start)
                process = process is null ? table.FindRunning(start.Process) : throw new ConnectException(ConnectCode.InvalidArgument, "the stream has started already");
            else if (process is null)
                throw new ConnectException(ConnectCode.InvalidArgument, "the first message of a stream says which process it is for");
            else if (message.Data is { } data)
                await WriteAsync(process, data.Input, cancellationToken);
        }

        return process is not null ? s_done : throw new ConnectException(ConnectCode.InvalidArgument, "there is no message");
    }

    private static async ValueTask WriteAsync(AgentProcess process, ProcessInput? input, CancellationToken cancellationToken)
    {
        if (input is null || input.Stdin is null == input.Pty is null)
            throw new ConnectException(ConnectCode.InvalidArgument, "input is either for standard input or for the terminal");

        if (input.Pty is not null != process.HasTerminal)
            throw new ConnectException(ConnectCode.FailedPrecondition, process.HasTerminal ? "the process has a terminal, and no standard input" : "the process has no terminal");

        if (process.Input is null)
            throw new ConnectException(ConnectCode.FailedPrecondition, "the process was started without standard input");

        await process.Input.WriteAsync(input.Stdin ?? input.Pty, cancellationToken);
    }

    private async ValueTask<EmptyMessage> SendSignalAsync(SendSignalRequest request, CancellationToken cancellationToken)
    {
        if (!Enum.IsDefined(request.Signal) || request.Signal == Signal.Unspecified)
            throw new ConnectException(ConnectCode.InvalidArgument, "the signals are SIGNAL_SIGTERM and SIGNAL_SIGKILL");

        // What has ended itself can have left something behind, and then it is that which is meant.
        var process = table.Find(request.Process);
        if (process.Gone.IsCompleted)
            throw new ConnectException(ConnectCode.NotFound, "the process has ended");

        if (request.Signal == Signal.Sigkill)
            await process.EndAsync(TimeSpan.Zero, EndCause.Asked);
        else
            process.Terminate();

        return s_done;
    }

    private async ValueTask<EmptyMessage> CloseStdinAsync(CloseStdinRequest request, CancellationToken cancellationToken)
    {
        var process = table.FindRunning(request.Process);
        if (process.HasTerminal)
            throw new ConnectException(ConnectCode.FailedPrecondition, "a terminal is not closed; send Ctrl+D (0x04) instead");

        if (process.Input is { } input)
            await input.CloseAsync(cancellationToken);

        return s_done;
    }

    private async Task StopAsync(HttpContext context)
    {
        PlainHttp.RequireMethod(context, HttpMethods.Post);
        var request = await PlainHttp.ReadJsonAsync(context, EnvdJson.Default.StopRequest);
        if (request.GraceMs is < 0 or > LongestGraceMs)
            throw new ConnectException(ConnectCode.InvalidArgument, $"graceMs is from 0 to {LongestGraceMs}");

        var process = table.Find(request.Process);
        var killed = process.Gone.IsCompleted ? [] : await process.EndAsync(TimeSpan.FromMilliseconds(request.GraceMs), EndCause.Asked);
        await PlainHttp.WriteJsonAsync(context, new StopResponse(killed, process.End), EnvdJson.Default.StopResponse);
    }
}
