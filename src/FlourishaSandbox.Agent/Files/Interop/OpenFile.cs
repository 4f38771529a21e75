using System.Buffers;
using FlourishaSandbox.Agent.Limits;
using FlourishaSandbox.Agent.Native;

namespace FlourishaSandbox.Agent.Files.Interop;

/// <summary>Something that is open. Whoever opens it disposes it.</summary>
/// <param name="descriptor">The descriptor.</param>
internal sealed unsafe class OpenFile(int descriptor) : IDisposable
{
    // writev takes 1,024 at most; the gain ends long before.
    private const int MostVectors = 128;

    public int Descriptor { get; } = descriptor;

    /// <summary>Opens relative to a folder.</summary>
    /// <returns>Null, and the error's number, where that fails.</returns>
    public static OpenFile? TryOpen(int folder, ReadOnlySpan<byte> pathAndNul, int flags, uint mode, out int error)
    {
        fixed (byte* path = pathAndNul)
        {
            int descriptor;
            do
            {
                descriptor = FileCalls.OpenAt(folder, path, flags | FileCalls.Always, mode);
                error = descriptor < 0 ? Errno.Last : 0;
            }
            while (error == Errno.Interrupted);

            return descriptor < 0 ? null : new OpenFile(descriptor);
        }
    }

    /// <summary>Reads at an offset.</summary>
    /// <returns>How much; 0 at the end; below 0 the error's number, negated.</returns>
    public int ReadAt(Span<byte> buffer, long offset)
    {
        fixed (byte* data = buffer)
        {
            while (true)
            {
                var read = FileCalls.ReadAt(Descriptor, data, (nuint)buffer.Length, offset);
                if (read >= 0)
                    return (int)read;

                if (Errno.Last is not Errno.Interrupted and var error)
                    return -error;
            }
        }
    }

    /// <summary>Writes all of it.</summary>
    /// <returns>0, or the error's number.</returns>
    public int Write(ReadOnlySpan<byte> buffer)
    {
        if (!DiskAllowance.Permits(buffer.Length))
            return Errno.QuotaExceeded;

        fixed (byte* data = buffer)
        {
            for (var done = 0; done < buffer.Length;)
            {
                var written = FileCalls.Write(Descriptor, data + done, (nuint)(buffer.Length - done));
                if (written >= 0)
                    done += (int)written;
                else if (Errno.Last is not Errno.Interrupted and var error)
                    return error;
            }
        }

        return 0;
    }

    /// <summary>Writes all of it, with as few calls as that takes: what the network brings lies in pieces of 4 KiB.</summary>
    /// <returns>0, or the error's number.</returns>
    public int Write(in ReadOnlySequence<byte> buffer)
    {
        if (buffer.IsSingleSegment)
            return Write(buffer.FirstSpan);

        if (!DiskAllowance.Permits(buffer.Length))
            return Errno.QuotaExceeded;

        var left = buffer;
        Span<MemoryHandle> pins = new MemoryHandle[MostVectors];
        while (left.Length > 0)
        {
            var error = WriteSome(left, pins, out var written);
            if (error != 0)
                return error;

            left = left.Slice(written);
        }

        return 0;
    }

    public void Dispose() => _ = FileCalls.Close(Descriptor);

    private int WriteSome(in ReadOnlySequence<byte> buffer, Span<MemoryHandle> pins, out long written)
    {
        var vectors = stackalloc FileCalls.IoVector[MostVectors];
        var count = 0;
        try
        {
            foreach (var piece in buffer)
            {
                if (count == MostVectors)
                    break;

                pins[count] = piece.Pin();
                vectors[count] = new FileCalls.IoVector { Data = (byte*)pins[count].Pointer, Length = (nuint)piece.Length };
                count++;
            }

            while (true)
            {
                written = FileCalls.WriteVector(Descriptor, vectors, count);
                if (written >= 0)
                    return 0;

                if (Errno.Last is not Errno.Interrupted and var error)
                    return error;
            }
        }
        finally
        {
            for (var i = 0; i < count; i++)
                pins[i].Dispose();
        }
    }
}
