using FlourishaSandbox.Agent.Files.Interop;

namespace FlourishaSandbox.Agent.Files;

/// <summary>File systems whose files are no files, but questions to the kernel and orders to it.</summary>
internal static unsafe class SpecialFiles
{
    private static readonly HashSet<uint> s_types =
    [
        0x9FA0, // proc
        0x62656572, // sysfs
        0x27E0EB, 0x63677270, // cgroup, both versions
        0x64626720, 0x74726163, // debugfs, tracefs
        0x73636673, 0x62656570, // securityfs, configfs
        0xCAFE4A11, 0x6165676C, // bpf, pstore
        0x42494E4D, 0x19800202, // binfmt_misc, message queues
        0x1CD1, // terminals
    ];

    /// <summary>Whether a path leads to such a file system.</summary>
    public static bool Contain(string path)
    {
        FileCalls.FileSystemStat stat;
        fixed (byte* pointer = PathBytes.From(path))
            return FileCalls.StatFileSystem(pointer, &stat) == 0 && s_types.Contains((uint)stat.Type);
    }

    /// <summary>Whether what is open is on such a file system.</summary>
    public static bool Contain(OpenFile file)
    {
        FileCalls.FileSystemStat stat;
        return FileCalls.StatFileSystem(file.Descriptor, &stat) == 0 && s_types.Contains((uint)stat.Type);
    }

    /// <summary>Whether a file system is on another machine, where changes are not seen from here.</summary>
    public static bool IsRemote(string path)
    {
        FileCalls.FileSystemStat stat;
        fixed (byte* pointer = PathBytes.From(path))
        {
            // nfs, cifs, smb, smb2, fuse
            return FileCalls.StatFileSystem(pointer, &stat) == 0 && (uint)stat.Type is 0x6969 or 0xFF534D42 or 0x517B or 0xFE534D42 or 0x65735546;
        }
    }

    /// <summary>The bits that the process leaves out of the mode of what it makes.</summary>
    public static uint CreationMask { get; } = ReadMask();

    // There is no call that only asks. It is done once, before anything is made.
    private static uint ReadMask()
    {
        var mask = FileCalls.SetCreationMask(0x12);
        _ = FileCalls.SetCreationMask(mask);
        return mask;
    }
}
