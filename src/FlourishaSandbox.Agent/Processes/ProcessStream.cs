using FlourishaSandbox.Agent.Connect;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Agent.Processes;

/// <summary>A process's events, as one client gets them.</summary>
/// <param name="process">The process.</param>
/// <param name="reader">The client's place in its output.</param>
/// <param name="stream">The client.</param>
/// <param name="table">Knows whether the agent itself ends.</param>
internal sealed class ProcessStream(AgentProcess process, OutputReader reader, ConnectStream stream, ProcessTable table)
{
    // What is sent at once, when there is more than one message.
    private const int LargestBatch = 128 * 1024;

    /// <summary>Sends the start, the output and, when it comes, the end.</summary>
    /// <param name="follows">Whether to go on until the process ends.</param>
    /// <param name="tellsTimeout">Whether a time-out is an end like others; else it is an error, as E2B's clients expect.</param>
    /// <param name="cancellationToken">Ends the sending.</param>
    /// <returns>Sending.</returns>
    public async Task SendAsync(bool follows, bool tellsTimeout, CancellationToken cancellationToken)
    {
        // What descendants wrote after the end is sent to those who come later; but nobody waits for more of it.
        var present = process.Output.Measure().Written;
        await WriteAsync(
            new ProcessEvent { Start = new ProcessStartEvent { Pid = process.Pid, Flourisha = new OutputPosition(reader.Start, reader.Lost) } },
            cancellationToken);

        while (true)
        {
            var end = process.End;
            var until = end is not null ? Math.Max(process.EndOffset, present) : follows ? long.MaxValue : present;
            if (WriteOutput(until))
            {
                await stream.Writer.FlushAsync(cancellationToken);
            }
            else if (end is not null)
            {
                // Ended with everything else, the process says nothing about itself any more.
                if (follows && table.Farewell is { } farewell)
                    throw new ConnectException(ConnectCode.Unavailable, farewell);

                if (end.Flourisha!.TimedOut && !tellsTimeout)
                    throw new ConnectException(ConnectCode.DeadlineExceeded, "the time of the process is over; it was ended with all its descendants");

                await WriteAsync(new ProcessEvent { End = end }, cancellationToken);
                return;
            }
            else if (!follows)
            {
                return;
            }
            else if (!await reader.WaitAsync(stream.Keepalive, cancellationToken))
            {
                await WriteAsync(new ProcessEvent { Keepalive = new KeepAliveEvent() }, cancellationToken);
            }
        }
    }

    private bool WriteOutput(long until)
    {
        var written = 0;
        while (written < LargestBatch && reader.TryPeek(until, ProcessEventWriter.LargestData, out var source, out var bytes))
        {
            ProcessEventWriter.Write(stream.Writer, source, bytes.Span);
            reader.Advance(bytes.Length);
            written += bytes.Length;
        }

        return written > 0;
    }

    private ValueTask WriteAsync(ProcessEvent what, CancellationToken cancellationToken)
        => stream.WriteAsync(new ProcessEventResponse(what), EnvdJson.Default.ProcessEventResponse, cancellationToken);
}
