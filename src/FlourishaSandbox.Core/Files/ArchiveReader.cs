using System.Formats.Tar;
using System.Globalization;
using System.Text;

namespace FlourishaSandbox.Files;

/// <summary>
/// Reads a tar stream that a sandbox had a hand in. System.Formats.Tar cannot be used for that: it ends the records of a pax header at
/// every line feed instead of where their length says, so that a file whose name holds one breaks the whole copy, or slips in records of
/// its own; it takes content that was cut off for whole; and it sets memory aside for as much as a header claims.
/// </summary>
/// <param name="stream">The stream; read once from begin to end, and not disposed.</param>
internal sealed class ArchiveReader(Stream stream)
{
    private const int BlockSize = 512;

    // A path has 4 KiB at most, and an extended attribute 64 KiB.
    private const int LargestHeader = 1 << 20;

    private const TarEntryType LongName = TarEntryType.LongPath;
    private const TarEntryType LongLink = TarEntryType.LongLink;
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private static readonly (long Least, long Most) s_seconds = (DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds());

    private readonly byte[] _block = new byte[BlockSize];
    private readonly byte[] _skipped = new byte[16 << 10];
    private long _content;
    private int _padding;

    /// <summary>Goes on to the next entry; what was not read of the last one's content is passed over.</summary>
    /// <returns>The entry; null at the end of the archive.</returns>
    /// <exception cref="InvalidDataException">What comes is no tar stream.</exception>
    /// <exception cref="EndOfStreamException">The stream ends before the archive does.</exception>
    public async ValueTask<ArchiveEntry?> ReadNextAsync(CancellationToken cancellationToken)
    {
        var extended = new Dictionary<string, string>(StringComparer.Ordinal);
        while (true)
        {
            await SkipAsync(_content + _padding, cancellationToken).ConfigureAwait(false);
            (_content, _padding) = (0, 0);
            await stream.ReadExactlyAsync(_block, cancellationToken).ConfigureAwait(false);
            if (!_block.AsSpan().ContainsAnyExcept((byte)0))
            {
                await DrainAsync(cancellationToken).ConfigureAwait(false);
                return null;
            }

            var entry = ParseHeader(_block);
            switch (entry.Type)
            {
                case TarEntryType.ExtendedAttributes:
                    ParseRecords(await ReadHeaderContentAsync(entry.Size, cancellationToken).ConfigureAwait(false), extended);
                    break;

                case LongName or LongLink:
                    var text = await ReadHeaderContentAsync(entry.Size, cancellationToken).ConfigureAwait(false);
                    extended[entry.Type == LongName ? "path" : "linkpath"] = s_utf8.GetString(UntilNul(text));
                    break;

                case TarEntryType.GlobalExtendedAttributes:
                    SetContent(entry.Size);
                    break;

                default:
                    entry = Extend(entry, extended);
                    SetContent(entry.Size);
                    return entry;
            }
        }
    }

    /// <summary>Reads some of the current entry's content.</summary>
    /// <returns>How much; 0 at its end.</returns>
    /// <exception cref="EndOfStreamException">The stream ends before the content does.</exception>
    public async ValueTask<int> ReadContentAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_content == 0 || buffer.Length == 0)
            return 0;

        var read = await stream.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _content)], cancellationToken).ConfigureAwait(false);
        if (read == 0)
            throw new EndOfStreamException($"it ends {_content} bytes before the end of a file");

        _content -= read;
        return read;
    }

    private static ArchiveEntry ParseHeader(ReadOnlySpan<byte> block)
    {
        CheckSum(block);
        var name = Text(block[..100]);
        var isUstar = block[257..263].SequenceEqual("ustar\0"u8);
        if (isUstar && Text(block[345..500]) is { Length: > 0 } prefix)
            name = $"{prefix}/{name}";

        var type = (TarEntryType)block[156];
        var size = Number(block[124..136]);
        if (size < 0)
            throw new InvalidDataException("an entry has a size below nothing");

        return new ArchiveEntry(type, name, Text(block[157..257]), (UnixFileMode)(Number(block[100..108]) & 0xFFF), Time(Number(block[136..148])), IsHeaderOnly(type) ? 0 : size);
    }

    // Some writers give links the size of what they lead to, but no content follows.
    private static bool IsHeaderOnly(TarEntryType type) =>
        type is TarEntryType.HardLink or TarEntryType.SymbolicLink or TarEntryType.CharacterDevice or TarEntryType.BlockDevice or TarEntryType.Directory or TarEntryType.Fifo;

    private static void CheckSum(ReadOnlySpan<byte> block)
    {
        var sum = 8 * ' ';
        for (var i = 0; i < BlockSize; i++)
            sum += i is >= 148 and < 156 ? 0 : block[i];

        if (Number(block[148..156]) != sum)
            throw new InvalidDataException("the checksum of a header is wrong");
    }

    // Octal digits in blanks and NULs, or, where those would not do, the high bit and a binary number.
    private static long Number(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
        {
            var isNegative = (field[0] & 0x40) != 0;
            Int128 number = isNegative ? -1 : 0;
            for (var i = 0; i < field.Length; i++)
                number = (number << 8) | (i > 0 ? field[i] : isNegative ? field[i] : (byte)(field[i] & 0x7F));

            return number >= long.MinValue && number <= long.MaxValue ? (long)number : throw new InvalidDataException("a number of a header is too large");
        }

        var value = 0L;
        foreach (var one in field.Trim(" \0"u8))
            value = one is >= (byte)'0' and <= (byte)'7' ? (value << 3) | (long)(one - '0') : throw new InvalidDataException("a header holds no number where one has to be");

        return value;
    }

    private static string Text(ReadOnlySpan<byte> field) => s_utf8.GetString(UntilNul(field));

    private static ReadOnlySpan<byte> UntilNul(ReadOnlySpan<byte> field) => field.IndexOf((byte)0) is >= 0 and var end ? field[..end] : field;

    private static DateTimeOffset Time(decimal seconds)
    {
        var whole = Math.Clamp(decimal.Floor(seconds), s_seconds.Least, s_seconds.Most);
        var ticks = whole == decimal.Floor(seconds) ? (long)((seconds - whole) * TimeSpan.TicksPerSecond) : 0;
        return DateTimeOffset.FromUnixTimeSeconds((long)whole).AddTicks(ticks);
    }

    /// <summary>Records of a pax header: <c>LENGTH KEY=VALUE</c> and a line feed, the length in bytes and of all that, so that a value may hold anything.</summary>
    private static void ParseRecords(ReadOnlySpan<byte> records, Dictionary<string, string> extended)
    {
        while (records.Length > 0)
        {
            var blank = records.IndexOf((byte)' ');
            if (blank <= 0 || !int.TryParse(records[..blank], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || length <= blank + 1 || length > records.Length || records[length - 1] != (byte)'\n')
                throw new InvalidDataException("a record of an extended header has not the length that it says");

            var record = records[(blank + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals <= 0)
                throw new InvalidDataException("a record of an extended header has no key");

            extended[s_utf8.GetString(record[..equals])] = s_utf8.GetString(record[(equals + 1)..]);
            records = records[length..];
        }
    }

    private static ArchiveEntry Extend(ArchiveEntry entry, Dictionary<string, string> extended)
    {
        if (extended.GetValueOrDefault("path") is { Length: > 0 } path)
            entry = entry with { Name = path };

        if (extended.GetValueOrDefault("linkpath") is { Length: > 0 } linkPath)
            entry = entry with { LinkName = linkPath };

        if (extended.TryGetValue("size", out var text) && !IsHeaderOnly(entry.Type))
            entry = entry with { Size = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : throw new InvalidDataException("an extended header holds no size where one has to be") };

        if (extended.TryGetValue("mtime", out text))
            entry = entry with { Modified = Time(decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var time) ? time : throw new InvalidDataException("an extended header holds no time where one has to be")) };

        return entry;
    }

    private void SetContent(long size) => (_content, _padding) = (size, (int)(-size & (BlockSize - 1)));

    private async ValueTask<byte[]> ReadHeaderContentAsync(long size, CancellationToken cancellationToken)
    {
        if (size > LargestHeader)
            throw new InvalidDataException($"an extended header of {size} bytes is more than any file needs");

        var content = new byte[size];
        await stream.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false);
        SetContent(size);
        _content = 0;
        return content;
    }

    // A second empty block, and what fills up the last record. Only a connection that was read to its end can be used again.
    private async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        for (var left = LargestHeader; left > 0;)
        {
            var read = await stream.ReadAsync(_skipped, cancellationToken).ConfigureAwait(false);
            left = read > 0 ? left - read : 0;
        }
    }

    private async ValueTask SkipAsync(long count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            var read = await stream.ReadAsync(_skipped.AsMemory(0, (int)Math.Min(count, _skipped.Length)), cancellationToken).ConfigureAwait(false);
            count -= read > 0 ? read : throw new EndOfStreamException("it ends in the middle of an entry");
        }
    }
}
