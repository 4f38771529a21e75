using FlourishaSandbox.Agent.Native;

namespace FlourishaSandbox.Agent.Processes;

/// <summary>One stream of a process, or its terminal, as the agent holds it.</summary>
/// <param name="descriptor">A non-blocking descriptor, which belongs to this object.</param>
/// <param name="source">What it is.</param>
internal sealed class OutputPipe(int descriptor, OutputSource source) : IDisposable
{
    // As much as a pipe holds.
    private const int LargestRead = 64 * 1024;

    /// <summary>The descriptor.</summary>
    public int Descriptor => descriptor;

    /// <summary>What it is.</summary>
    public OutputSource Source => source;

    /// <summary>How the reactor waits for it; null while nobody has room for more.</summary>
    public Reactor.Registration? Registration { get; set; }

    /// <summary>Whether it waits for room.</summary>
    public bool IsPaused => Registration is null;

    /// <summary>How many bytes are still to be read before all is read that its process wrote; 0 where nobody waits for that.</summary>
    public long Awaited { get; private set; }

    /// <summary>Waits for the bytes that are in it now.</summary>
    public unsafe void BeginDrain()
    {
        // A terminal's bytes may be on their way between two of the kernel's buffers: there it is read until it is empty.
        var count = 0;
        if (source == OutputSource.Pty)
            Awaited = long.MaxValue;
        else
            Awaited = LibC.DeviceControl(descriptor, LibC.BytesAvailableRequest, &count) == 0 ? count : 0;
    }

    /// <summary>Reads once.</summary>
    /// <param name="room">Where to.</param>
    /// <returns>How many bytes; 0 at the end, -1 where there are none now.</returns>
    public unsafe int Read(Span<byte> room)
    {
        nint count;
        fixed (byte* first = room)
            count = LibC.Read(descriptor, first, (nuint)Math.Min(room.Length, LargestRead));

        if (count > 0)
        {
            Awaited -= Math.Min(Awaited, count);
            return (int)count;
        }

        if (count < 0 && Errno.Last is Errno.TryAgain or Errno.Interrupted)
        {
            if (Errno.Last == Errno.TryAgain)
                Awaited = 0;

            return -1;
        }

        // The end: of a pipe by 0, of a terminal by an error.
        Awaited = 0;
        return 0;
    }

    /// <summary>Stops waiting for more. Not merely by waiting for nothing: a hang-up would be told again and again.</summary>
    public void Pause()
    {
        Registration?.Dispose();
        Registration = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Pause();
        LibC.Close(descriptor);
    }
}
