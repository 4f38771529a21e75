using System.Buffers;
using System.Buffers.Binary;

namespace FlourishaSandbox.Browser.Driving;

/// <summary>
/// Stands between a browser and whoever drives it, at the frames of their WebSocket. The driver holds whole messages in memory, and all that it
/// could not tell yet; how long they are and how many, a page decides. So a message that is too long ends the connection, and of what pages log
/// only so much is passed on: far more than a page may log before it is closed.
/// </summary>
/// <param name="longest">The most bytes that a message may have.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class FrameFilter(long longest, TimeProvider clock)
{
    /// <summary>The most messages about logs within <see cref="Window"/>. Each line comes twice: to Playwright, and to the page's journal.</summary>
    public const int MostLogs = 6 * Pages.NuisanceGauge.Most;

    /// <summary>The most bytes of them.</summary>
    public const long MostLogBytes = 64L << 20;

    /// <summary>How long is counted.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private const byte WholeText = 0x81;
    private const int LongestHead = 10;

    // How Chromium begins to tell of them.
    private static readonly byte[][] s_logs = ["{\"method\":\"Runtime.consoleAPICalled\""u8.ToArray(), "{\"method\":\"Runtime.exceptionThrown\""u8.ToArray(), "{\"method\":\"Log.entryAdded\""u8.ToArray()];
    private static readonly int s_longestWord = s_logs.Max(word => word.Length);

    private readonly byte[] _start = new byte[LongestHead + s_longestWord];
    private int _startCount;
    private long _left;
    private bool _isDropped;
    private long _windowStart = clock.GetTimestamp();
    private int _logs;
    private long _logBytes;

    /// <summary>Takes what the browser says.</summary>
    /// <param name="data">The next bytes.</param>
    /// <param name="passed">Takes what is passed on.</param>
    /// <returns>False where a message is too long.</returns>
    public bool Take(ReadOnlySpan<byte> data, IBufferWriter<byte> passed)
    {
        while (data.Length > 0)
        {
            if (_left > 0)
            {
                var count = (int)Math.Min(_left, data.Length);
                if (!_isDropped)
                    passed.Write(data[..count]);

                _left -= count;
                data = data[count..];
                continue;
            }

            _start[_startCount++] = data[0];
            data = data[1..];
            if (ReadHead() is not var (head, length))
                continue;

            if (length > longest)
                return false;

            var read = _start[0] == WholeText ? (int)Math.Min(length, s_longestWord) : 0;
            if (_startCount < head + read)
                continue;

            _isDropped = IsLog(_start.AsSpan(head, read)) && !HasRoom(length);
            if (!_isDropped)
                passed.Write(_start.AsSpan(0, _startCount));

            (_left, _startCount) = (length - read, 0);
        }

        return true;
    }

    private static bool IsLog(ReadOnlySpan<byte> start)
    {
        foreach (var word in s_logs)
        {
            if (start.StartsWith(word))
                return true;
        }

        return false;
    }

    private bool HasRoom(long length)
    {
        if (clock.GetElapsedTime(_windowStart) >= Window)
            (_windowStart, _logs, _logBytes) = (clock.GetTimestamp(), 0, 0);

        _logs++;
        _logBytes += length;
        return _logs <= MostLogs && _logBytes <= MostLogBytes;
    }

    // The bytes of the head and of what follows it: from a server frames are not masked. Null where the head is not whole yet.
    private (int Head, long Length)? ReadHead() => _startCount < 2 ? null : (_start[1] & 0x7f) switch
    {
        126 => _startCount < 4 ? null : (4, BinaryPrimitives.ReadUInt16BigEndian(_start.AsSpan(2))),
        127 => _startCount < LongestHead ? null : (LongestHead, BinaryPrimitives.ReadInt64BigEndian(_start.AsSpan(2)) is >= 0 and var length ? length : long.MaxValue),
        var length => (2, length),
    };
}
