using FlourishaSandbox.Agent.Files.Interop;

namespace FlourishaSandbox.Agent.Files.Tar;

/// <summary>The blocks of a tar stream: GNU's, which nearly every file needs only one of.</summary>
internal static class TarFormat
{
    public const int BlockSize = 512;

    public const byte RegularFile = (byte)'0';
    public const byte OldRegularFile = 0;
    public const byte HardLink = (byte)'1';
    public const byte SymbolicLink = (byte)'2';
    public const byte CharacterDevice = (byte)'3';
    public const byte BlockDevice = (byte)'4';
    public const byte Folder = (byte)'5';
    public const byte Pipe = (byte)'6';
    public const byte ContiguousFile = (byte)'7';
    public const byte GlobalRecords = (byte)'g';
    public const byte LongLink = (byte)'K';
    public const byte LongName = (byte)'L';
    public const byte Records = (byte)'x';

    private const int NameSize = 100;

    /// <summary>How much comes after content of a length, so that a block is full.</summary>
    public static int Padding(long length) => (int)(-length & (BlockSize - 1));

    /// <summary>How much <see cref="WriteEntry"/> writes, in bytes.</summary>
    public static int EntrySize(int nameLength, int linkLength) => BlockSize + LongSize(nameLength) + LongSize(linkLength);

    /// <summary>Writes an entry's header, preceded by those for a name or target that has no room in it.</summary>
    /// <param name="destination">Where to; <see cref="EntrySize"/> bytes.</param>
    /// <param name="type">What it is.</param>
    /// <param name="name">Its name; a folder's ends in a slash.</param>
    /// <param name="link">Where it leads; empty for what is no link.</param>
    /// <param name="stat">Its mode, owner and time.</param>
    /// <param name="size">The length of what follows.</param>
    public static void WriteEntry(Span<byte> destination, byte type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> link, in FileStat stat, long size)
    {
        var nameSize = WriteLong(destination, LongName, name);
        var linkSize = WriteLong(destination[nameSize..], LongLink, link);
        WriteHeader(destination.Slice(nameSize + linkSize, BlockSize), type, name, link, stat, size);
    }

    /// <summary>A number of a header: octal digits between blanks and NULs, or, where those would not do, the high bit and a binary number.</summary>
    /// <returns>Null where it is none.</returns>
    public static long? ReadNumber(ReadOnlySpan<byte> field)
    {
        var value = 0L;
        if ((field[0] & 0x80) != 0)
        {
            Int128 number = (field[0] & 0x40) != 0 ? -1 : 0;
            for (var i = 0; i < field.Length; i++)
                number = (number << 8) | (i > 0 || number < 0 ? field[i] : (byte)(field[i] & 0x7F));

            return number >= long.MinValue && number <= long.MaxValue ? (long)number : null;
        }

        foreach (var one in field.Trim(" \0"u8))
        {
            if (one is < (byte)'0' or > (byte)'7')
                return null;

            value = (value << 3) | (long)(one - '0');
        }

        return value;
    }

    /// <summary>The sum of a header's bytes, those of the sum itself taken for blanks.</summary>
    public static int CheckSum(ReadOnlySpan<byte> header)
    {
        var sum = 8 * ' ';
        foreach (var one in header[..148])
            sum += one;

        foreach (var one in header[156..BlockSize])
            sum += one;

        return sum;
    }

    private static int LongSize(int length) => length > NameSize ? BlockSize + length + 1 + Padding(length + 1) : 0;

    private static int WriteLong(Span<byte> destination, byte type, ReadOnlySpan<byte> text)
    {
        if (text.Length <= NameSize)
            return 0;

        var size = LongSize(text.Length);
        WriteHeader(destination[..BlockSize], type, "././@LongLink"u8, default, default, text.Length + 1);
        text.CopyTo(destination[BlockSize..]);
        destination[(BlockSize + text.Length)..size].Clear();
        return size;
    }

    private static void WriteHeader(Span<byte> block, byte type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> link, in FileStat stat, long size)
    {
        block.Clear();
        name[..Math.Min(NameSize, name.Length)].CopyTo(block);
        WriteNumber(block[100..108], stat.Mode & 0xFFF);
        WriteNumber(block[108..116], stat.User);
        WriteNumber(block[116..124], stat.Group);
        WriteNumber(block[124..136], size);
        WriteNumber(block[136..148], stat.ModifiedSeconds);
        block[156] = type;
        link[..Math.Min(NameSize, link.Length)].CopyTo(block[157..]);
        "ustar  \0"u8.CopyTo(block[257..]);

        WriteNumber(block[148..155], CheckSum(block));
        block[155] = (byte)' ';
    }

    private static void WriteNumber(Span<byte> field, long value)
    {
        var digits = field.Length - 1;
        if (value < 0 || value >> (3 * digits) != 0)
        {
            for (var i = field.Length - 1; i >= 0; i--, value >>= 8)
                field[i] = (byte)value;

            field[0] |= 0x80;
            return;
        }

        field[digits] = 0;
        for (var i = digits - 1; i >= 0; i--, value >>= 3)
            field[i] = (byte)('0' + (value & 7));
    }
}
