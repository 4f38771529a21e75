using System.Buffers.Text;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Agent.Files.Tar;

/// <summary>Puts an entry together from its header and those before it that say what the header has no room for.</summary>
internal sealed class TarHeaders
{
    // Set-user, set-group and, for what is no folder, the sticky bit are left out.
    private const uint FilePermissions = 0x1FF;
    private const uint FolderPermissions = 0x3FF;

    private byte[]? _name;
    private byte[]? _link;
    private long? _size;
    private (long Seconds, long Nanoseconds)? _modified;

    /// <summary>Whether a header's content says something about the entry that follows.</summary>
    public static bool IsExtension(byte type) => type is TarFormat.LongName or TarFormat.LongLink or TarFormat.Records;

    /// <summary>Checks a header, and reads what kind and size it has.</summary>
    /// <exception cref="ConnectException">It is none.</exception>
    public static (byte Type, long Size) Read(ReadOnlySpan<byte> block)
    {
        if (TarFormat.ReadNumber(block[148..156]) != TarFormat.CheckSum(block))
            throw Invalid("the checksum of a header is wrong");

        return (block[156], Number(block[124..136]) is >= 0 and var size ? size : throw Invalid("an entry has a size below nothing"));
    }

    /// <summary>Remembers what a header before an entry says.</summary>
    /// <param name="type">What kind of header.</param>
    /// <param name="content">Its content.</param>
    /// <exception cref="ConnectException">The content is none.</exception>
    public void Extend(byte type, ReadOnlySpan<byte> content)
    {
        if (type == TarFormat.LongName)
            _name = UntilNul(content).ToArray();
        else if (type == TarFormat.LongLink)
            _link = UntilNul(content).ToArray();
        else
            ReadRecords(content);
    }

    /// <summary>Puts an entry together, and forgets what came before it.</summary>
    /// <param name="block">The entry's own header, which was checked.</param>
    /// <param name="type">Its kind.</param>
    /// <param name="size">Its size by that header.</param>
    /// <returns>The entry; good until the block changes.</returns>
    /// <exception cref="ConnectException">A number is none.</exception>
    public TarEntry Complete(ReadOnlySpan<byte> block, byte type, long size)
    {
        ReadOnlySpan<byte> name = _name;
        if (_name is null)
        {
            name = UntilNul(block[..100]);
            if (block[257..263].SequenceEqual("ustar\0"u8) && UntilNul(block[345..500]) is { Length: > 0 } prefix)
                name = (byte[])[.. prefix, (byte)'/', .. name];
        }

        // The oldest archives have folders that differ from files by the slash only.
        if (type is TarFormat.OldRegularFile or TarFormat.RegularFile && name is [.., (byte)'/'])
            type = TarFormat.Folder;

        // Some writers give links the size of what they lead to, but no content follows.
        var hasContent = type is TarFormat.OldRegularFile or TarFormat.RegularFile or TarFormat.ContiguousFile;
        var entry = new TarEntry
        {
            Type = type,
            Name = name,
            Link = _link ?? UntilNul(block[157..257]),
            Size = hasContent ? _size ?? size : 0,
            Mode = (uint)Number(block[100..108]) & (type == TarFormat.Folder ? FolderPermissions : FilePermissions),
            Modified = _modified ?? (Number(block[136..148]), 0),
        };
        (_name, _link, _size, _modified) = (null, null, null, null);
        return entry;
    }

    /// <summary>A failure of the stream itself.</summary>
    public static ConnectException Invalid(string message) => new(ConnectCode.InvalidArgument, $"this is no tar stream that is taken: {message}");

    // LENGTH KEY=VALUE and a line feed, the length in bytes and of all that, so that a value may hold anything.
    private void ReadRecords(ReadOnlySpan<byte> records)
    {
        while (records.Length > 0)
        {
            var blank = records.IndexOf((byte)' ');
            if (blank <= 0 || !Utf8Parser.TryParse(records[..blank], out int length, out var used) || used != blank
                || length <= blank + 1 || length > records.Length || records[length - 1] != (byte)'\n')
                throw Invalid("a record of an extended header has not the length that it says");

            var record = records[(blank + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals <= 0)
                throw Invalid("a record of an extended header has no key");

            Apply(record[..equals], record[(equals + 1)..]);
            records = records[length..];
        }
    }

    private void Apply(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("path"u8) && value.Length > 0)
            _name = NoNul(value).ToArray();
        else if (key.SequenceEqual("linkpath"u8) && value.Length > 0)
            _link = NoNul(value).ToArray();
        else if (key.SequenceEqual("size"u8))
            _size = Utf8Parser.TryParse(value, out long size, out var used) && used == value.Length && size >= 0 ? size : throw Invalid("an extended header holds no size where one has to be");
        else if (key.SequenceEqual("mtime"u8))
            _modified = ReadTime(value);
        else if (key.StartsWith("GNU.sparse."u8))
            throw Invalid("it has sparse files");
    }

    private static (long, long) ReadTime(ReadOnlySpan<byte> value)
    {
        if (!Utf8Parser.TryParse(value, out decimal time, out var used) || used != value.Length || time is < long.MinValue or > long.MaxValue)
            throw Invalid("an extended header holds no time where one has to be");

        var seconds = decimal.Floor(time);
        return ((long)seconds, (long)((time - seconds) * 1_000_000_000));
    }

    private static long Number(ReadOnlySpan<byte> field) => TarFormat.ReadNumber(field) ?? throw Invalid("a header holds no number where one has to be");

    private static ReadOnlySpan<byte> UntilNul(ReadOnlySpan<byte> field) => field.IndexOf((byte)0) is >= 0 and var end ? field[..end] : field;

    private static ReadOnlySpan<byte> NoNul(ReadOnlySpan<byte> value) => value.IndexOf((byte)0) < 0 ? value : throw Invalid("a name holds a NUL");
}
