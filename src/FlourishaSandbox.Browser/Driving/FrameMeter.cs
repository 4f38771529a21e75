using System.Buffers.Binary;

namespace FlourishaSandbox.Browser.Driving;

/// <summary>
/// Follows the frames of a WebSocket that pass by, without looking into them. Whoever drives a browser holds a whole message in memory, and how
/// long one is, a page decides.
/// </summary>
/// <param name="limit">The most bytes that a frame may have.</param>
internal sealed class FrameMeter(long limit)
{
    private const int LongestHead = 10;

    private readonly byte[] _head = new byte[LongestHead];
    private int _headCount;
    private long _left;

    /// <summary>Follows what passes by.</summary>
    /// <param name="data">The next bytes.</param>
    /// <returns>False where a frame is too long.</returns>
    public bool Follow(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            if (_left > 0)
            {
                var count = (int)Math.Min(_left, data.Length);
                _left -= count;
                data = data[count..];
                continue;
            }

            _head[_headCount++] = data[0];
            data = data[1..];
            if (ReadLength() is not { } length)
                continue;

            if (length > limit)
                return false;

            (_left, _headCount) = (length, 0);
        }

        return true;
    }

    // From a server frames are not masked. Null where the head is not whole yet.
    private long? ReadLength() => _headCount < 2 ? null : (_head[1] & 0x7f) switch
    {
        126 => _headCount < 4 ? null : BinaryPrimitives.ReadUInt16BigEndian(_head.AsSpan(2)),
        127 => _headCount < LongestHead ? null : BinaryPrimitives.ReadInt64BigEndian(_head.AsSpan(2)) is >= 0 and var length ? length : long.MaxValue,
        var length => length,
    };
}
