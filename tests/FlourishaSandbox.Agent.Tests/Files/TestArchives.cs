using System.Formats.Tar;
using System.Text;

namespace FlourishaSandbox.Agent.Tests.Files;

/// <summary>Makes tar streams.</summary>
internal static class TestArchives
{
    public static byte[] Archive(TarEntryFormat format, params TarEntry[] entries)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, format, leaveOpen: true))
        {
            foreach (var entry in entries)
                tar.WriteEntry(entry);
        }

        return stream.ToArray();
    }

    public static GnuTarEntry File(string name, string content = "content") => new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) };

    public static GnuTarEntry Link(string name, string target, TarEntryType type = TarEntryType.SymbolicLink) => new(type, name) { LinkName = target };

    public static GnuTarEntry Folder(string name) => new(TarEntryType.Directory, name) { Mode = (UnixFileMode)0x1ED };
}
