using System.Formats.Tar;
using System.Text;

namespace FlourishaSandbox.Core.Tests.Files;

/// <summary>Tar streams, good and bad.</summary>
internal static class TestArchive
{
    public const UnixFileMode ReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static byte[] Write(params IEnumerable<TarEntry> entries)
    {
        var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var entry in entries)
                tar.WriteEntry(entry);
        }

        return stream.ToArray();
    }

    public static TarEntry Folder(string name, UnixFileMode mode = ReadWrite | UnixFileMode.UserExecute) =>
        new PaxTarEntry(TarEntryType.Directory, name) { Mode = mode };

    public static TarEntry File(string name, string content = "content", UnixFileMode mode = ReadWrite) =>
        new PaxTarEntry(TarEntryType.RegularFile, name) { Mode = mode, DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) };

    public static TarEntry Link(string name, string target) => new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target };

    public static TarEntry HardLink(string name, string target) => new PaxTarEntry(TarEntryType.HardLink, name) { LinkName = target };

    public static TarEntry Special(TarEntryType type, string name) => new PaxTarEntry(type, name);

    /// <summary>A single block as no library would write it, with its checksum right.</summary>
    public static byte[] Header(string name, char type, string size = "00000000000", string mode = "0000644", string linkName = "", string time = "14000000000")
    {
        var block = new byte[512];
        void Put(int offset, string text) => Encoding.UTF8.GetBytes(text).CopyTo(block, offset);
        Put(0, name);
        Put(100, mode);
        Put(108, "0001750");
        Put(116, "0001750");
        Put(124, size);
        Put(136, time);
        Put(148, "        ");
        block[156] = (byte)type;
        Put(157, linkName);
        Put(257, "ustar\0" + "00");
        Put(148, Convert.ToString(block.Sum(one => one), 8).PadLeft(6, '0') + "\0 ");
        return block;
    }

    public static byte[] End => new byte[1024];
}
