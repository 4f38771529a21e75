using System.Formats.Tar;
using System.Text;
using FlourishaSandbox.Envd.Connect;
using static FlourishaSandbox.Agent.Tests.Files.TestArchives;

namespace FlourishaSandbox.Agent.Tests.Files;

/// <summary>Tar streams that nobody makes by accident, and how each is refused.</summary>
public static class HostileArchives
{
    public static TheoryData<string, byte[], ConnectCode> All()
    {
        byte[] Gnu(params TarEntry[] entries) => Archive(TarEntryFormat.Gnu, entries);
        byte[] Patched(byte[] archive, int at, byte value)
        {
            archive[at] = value;
            return archive;
        }

        byte[] Retyped(char type)
        {
            var archive = Gnu(File("x"));
            archive[156] = (byte)type;
            var sum = 8 * ' ' + archive.AsSpan(0, 148).ToArray().Sum(one => one) + archive.AsSpan(156, 356).ToArray().Sum(one => one);
            Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0')).CopyTo(archive, 148);
            return archive;
        }

        return new TheoryData<string, byte[], ConnectCode>
        {
            { "absolute", Gnu(File("/tmp/flourisha-never")), ConnectCode.InvalidArgument },
            { "up", Gnu(File("../flourisha-never")), ConnectCode.InvalidArgument },
            { "up within", Gnu(Folder("a"), File("a/../../flourisha-never")), ConnectCode.InvalidArgument },
            { "up at the end", Gnu(Folder("a/..")), ConnectCode.InvalidArgument },
            { "up through a long name", Gnu(File(new string('a', 120) + "/../../flourisha-never")), ConnectCode.InvalidArgument },
            { "through a link", Gnu(Link("out", "/tmp"), File("out/flourisha-never")), ConnectCode.InvalidArgument },
            { "through a link within", Gnu(Folder("a"), Link("b", "a"), File("b/x")), ConnectCode.InvalidArgument },
            { "a folder over a link", Gnu(Link("out", "/tmp"), Folder("out")), ConnectCode.InvalidArgument },
            { "a hard link up", Gnu(Link("x", "../../etc/passwd", TarEntryType.HardLink)), ConnectCode.InvalidArgument },
            { "a hard link to an absolute path", Gnu(Link("x", "/etc/passwd", TarEntryType.HardLink)), ConnectCode.InvalidArgument },
            { "a hard link through a link", Gnu(Link("out", "/etc"), Link("x", "out/passwd", TarEntryType.HardLink)), ConnectCode.InvalidArgument },
            { "a hard link to nothing", Gnu(Link("x", "none", TarEntryType.HardLink)), ConnectCode.NotFound },
            { "a pipe", Gnu(new GnuTarEntry(TarEntryType.Fifo, "x")), ConnectCode.InvalidArgument },
            { "a device", Gnu(new GnuTarEntry(TarEntryType.CharacterDevice, "x")), ConnectCode.InvalidArgument },
            { "a sparse file", Retyped('S'), ConnectCode.InvalidArgument },
            { "a volume", Retyped('M'), ConnectCode.InvalidArgument },
            { "a file that is the folder itself", Gnu(File(".")), ConnectCode.InvalidArgument },
            { "a file over a folder", Gnu(Folder("a"), File("a")), ConnectCode.FailedPrecondition },
            { "a link over a folder", Gnu(Folder("a"), Link("a", "b")), ConnectCode.FailedPrecondition },
            { "a folder over a file", Gnu(File("a"), Folder("a")), ConnectCode.FailedPrecondition },
            { "a file below a file", Gnu(File("a"), File("a/b")), ConnectCode.FailedPrecondition },
            { "a name of 256 bytes", Gnu(File(new string('x', 256))), ConnectCode.InvalidArgument },
            { "300 folders deep", Gnu(File(string.Concat(Enumerable.Repeat("d/", 300)) + "x")), ConnectCode.InvalidArgument },
            { "a wrong sum", Patched(Gnu(File("x")), 5, 7), ConnectCode.InvalidArgument },
            { "no archive", Encoding.ASCII.GetBytes(new string('x', 2000)), ConnectCode.InvalidArgument },
            { "nothing", [], ConnectCode.InvalidArgument },
            { "half a header", Gnu(File("x"))[..300], ConnectCode.InvalidArgument },
            { "no end", Gnu(File("x"))[..1024], ConnectCode.InvalidArgument },
            { "a NUL in a pax name", PaxArchive("path", "a\0b"), ConnectCode.InvalidArgument },
            { "an absolute pax name", PaxArchive("path", "/tmp/flourisha-never"), ConnectCode.InvalidArgument },
            { "a pax size below nothing", PaxArchive("size", "-5"), ConnectCode.InvalidArgument },
            { "a pax size beyond all", PaxArchive("size", "9223372036854775807"), ConnectCode.InvalidArgument },
            { "a pax time that is none", PaxArchive("mtime", "noon"), ConnectCode.InvalidArgument },
            { "sparse by pax", PaxArchive("GNU.sparse.major", "1"), ConnectCode.InvalidArgument },
            { "a record too long", RawPaxArchive("99 path=x\n"), ConnectCode.InvalidArgument },
            { "a record without an end", RawPaxArchive("9 path=xy"), ConnectCode.InvalidArgument },
        };
    }

    private static byte[] PaxArchive(string key, string value)
    {
        var body = $" {key}={value}\n";
        var length = Encoding.UTF8.GetByteCount(body) + 2;
        return RawPaxArchive($"{(length > 99 ? length + 1 : length)}{body}");
    }

    private static byte[] RawPaxArchive(string records)
    {
        var head = Archive(TarEntryFormat.Ustar, new UstarTarEntry(TarEntryType.RegularFile, "records") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(records)) });
        head[156] = (byte)'x';
        head.AsSpan(148, 8).Fill((byte)' ');
        var sum = head.AsSpan(0, 512).ToArray().Sum(one => one);
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(head, 148);
        return [.. head.AsSpan(0, 1024), .. Archive(TarEntryFormat.Ustar, new UstarTarEntry(TarEntryType.RegularFile, "file") { DataStream = new MemoryStream([1, 2, 3]) })];
    }
}
