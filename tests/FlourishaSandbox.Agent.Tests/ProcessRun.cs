using System.Buffers;
using System.Text;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Agent.Tests;

/// <summary>What a stream of a process's events held.</summary>
public sealed class ProcessRun
{
    private readonly ArrayBufferWriter<byte> _stdout = new();
    private readonly ArrayBufferWriter<byte> _stderr = new();
    private readonly ArrayBufferWriter<byte> _terminal = new();

    public int Pid => Start!.Pid;

    public ProcessStartEvent? Start { get; private set; }

    public ProcessEndEvent? End { get; private set; }

    /// <summary>The error that the stream ended with.</summary>
    public ConnectException? Failure { get; private set; }

    public int Keepalives { get; private set; }

    public string Stdout => Text(_stdout);

    public string Stderr => Text(_stderr);

    public string Terminal => Text(_terminal);

    public long Bytes => _stdout.WrittenCount + _stderr.WrittenCount + _terminal.WrittenCount;

    public byte[] StdoutBytes => _stdout.WrittenSpan.ToArray();

    public static async Task<ProcessRun> ReadAsync(IAsyncEnumerable<ProcessEvent> events)
    {
        var run = new ProcessRun();
        try
        {
            await foreach (var what in events)
                run.Take(what);
        }
        catch (ConnectException exception)
        {
            run.Failure = exception;
        }

        return run;
    }

    /// <summary>Takes an event, and holds it against the order that events come in.</summary>
    public void Take(ProcessEvent what)
    {
        Assert.Null(End);
        Assert.Equal(Start is null, what.Start is not null);
        Start ??= what.Start;
        End = what.End;
        Keepalives += what.Keepalive is null ? 0 : 1;
        _stdout.Write(what.Data?.Stdout);
        _stderr.Write(what.Data?.Stderr);
        _terminal.Write(what.Data?.Pty);
    }

    private static string Text(ArrayBufferWriter<byte> stream) => Encoding.UTF8.GetString(stream.WrittenSpan);
}
