using System.Buffers;
using System.Buffers.Binary;

namespace FlourishaSandbox.Envd.Connect;

/// <summary>
/// The framing of a Connect stream: each message has a byte of flags and its length, four bytes, big-endian, before it. Nothing here
/// reads or writes; it takes bytes apart and puts them together.
/// </summary>
public static class ConnectEnvelope
{
    /// <summary>The length of what comes before each message: 5 bytes.</summary>
    public const int HeaderLength = 5;

    /// <summary>The flag of a compressed message, which is not taken.</summary>
    public const byte CompressedFlag = 1;

    /// <summary>The flag of a stream's last message.</summary>
    public const byte EndStreamFlag = 2;

    /// <summary>Writes what comes before a message.</summary>
    /// <param name="destination">At least <see cref="HeaderLength"/> bytes.</param>
    /// <param name="flags">0 or <see cref="EndStreamFlag"/>.</param>
    /// <param name="length">The message's length in bytes.</param>
    public static void WriteHeader(Span<byte> destination, byte flags, int length)
    {
        destination[0] = flags;
        BinaryPrimitives.WriteInt32BigEndian(destination[1..], length);
    }

    /// <summary>Takes the first message out of a buffer.</summary>
    /// <param name="buffer">What has arrived; what is left of it afterwards begins with the next message.</param>
    /// <param name="flags">The message's flags.</param>
    /// <param name="message">The message, in the buffer's own memory.</param>
    /// <param name="maximum">The longest message that is taken, in bytes.</param>
    /// <returns>False where the message has not arrived whole.</returns>
    /// <exception cref="ConnectException">
    /// <see cref="ConnectCode.ResourceExhausted"/>: it is longer than <paramref name="maximum"/>. <see cref="ConnectCode.InvalidArgument"/>:
    /// it has flags that are not known. <see cref="ConnectCode.Unimplemented"/>: it is compressed.
    /// </exception>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, out byte flags, out ReadOnlySequence<byte> message, int maximum = EnvdProtocol.MaximumMessage)
    {
        flags = 0;
        message = default;
        if (buffer.Length < HeaderLength)
            return false;

        Span<byte> header = stackalloc byte[HeaderLength];
        buffer.Slice(0, HeaderLength).CopyTo(header);
        flags = header[0];
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if ((flags & ~(CompressedFlag | EndStreamFlag)) != 0)
            throw new ConnectException(ConnectCode.InvalidArgument, $"a message has flags that are not known: 0x{flags:x2}");

        if ((flags & CompressedFlag) != 0)
            throw new ConnectException(ConnectCode.Unimplemented, "compressed messages are not taken");

        if (length > (uint)maximum)
            throw new ConnectException(ConnectCode.ResourceExhausted, $"a message of {length} bytes is too long; at most {maximum} are taken");

        if (buffer.Length < HeaderLength + length)
            return false;

        message = buffer.Slice(HeaderLength, length);
        buffer = buffer.Slice(HeaderLength + length);
        return true;
    }
}
