using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Agent.Processes;

/// <summary>What a process reads: its standard input, or its terminal. One writer at a time; the others wait for their turn.</summary>
/// <param name="descriptor">A non-blocking descriptor, which belongs to this object and is in no registration.</param>
/// <param name="reactor">Who waits for room.</param>
internal sealed class InputPipe(int descriptor, Reactor reactor)
{
    private readonly SemaphoreSlim _turn = new(1);
    private int _descriptor = descriptor;

    /// <summary>The descriptor; negative when nothing more can be written.</summary>
    public int Descriptor => Volatile.Read(ref _descriptor);

    /// <summary>Gives a terminal its size, and tells the programs that use it.</summary>
    /// <param name="terminal">The terminal.</param>
    /// <param name="size">The size.</param>
    public static unsafe void Resize(int terminal, PtySize size)
    {
        var window = new LibC.WindowSize { Rows = (ushort)size.Rows, Columns = (ushort)size.Cols };
        if (LibC.DeviceControl(terminal, LibC.WindowSizeRequest, &window) < 0)
            throw Errno.ToException(Errno.Last, "the terminal could not be resized");
    }

    /// <summary>Writes all of it, and waits as long as the process does not read.</summary>
    /// <param name="bytes">What to write.</param>
    /// <param name="cancellationToken">Ends the waiting; some may have been written then.</param>
    /// <returns>Writing.</returns>
    /// <exception cref="ConnectException"><see cref="ConnectCode.FailedPrecondition"/>: nobody reads any more.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            while (!bytes.IsEmpty)
            {
                var count = Write(bytes.Span);
                if (count > 0)
                    bytes = bytes[count..];
                else
                    await WaitForRoomAsync(cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Closes it, after what is being written.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Closing.</returns>
    public async ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            Close();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Closes it when its turn comes, and waits for nothing. Whoever writes gets an error as soon as the process has gone.</summary>
    public void CloseLater() => _ = CloseAsync(CancellationToken.None).AsTask();

    private void Close()
    {
        var closed = Interlocked.Exchange(ref _descriptor, -1);
        if (closed >= 0)
            LibC.Close(closed);
    }

    private unsafe int Write(ReadOnlySpan<byte> bytes)
    {
        if (Descriptor < 0)
            throw Closed();

        nint count;
        fixed (byte* first = bytes)
            count = LibC.Write(_descriptor, first, (nuint)bytes.Length);

        if (count >= 0)
            return (int)count;

        return Errno.Last switch
        {
            Errno.TryAgain or Errno.Interrupted => 0,
            Errno.BrokenPipe or Errno.InputOutput => throw Closed(),
            var error => throw Errno.ToException(error, "writing to the process"),
        };
    }

    private async Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = reactor.Add(_descriptor, EpollEvents.Out, _ => room.TrySetResult());
        await room.Task.WaitAsync(cancellationToken);
    }

    private static ConnectException Closed() => new(ConnectCode.FailedPrecondition, "the process reads no more input");
}
