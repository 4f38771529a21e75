using System.Runtime.InteropServices;
using FlourishaSandbox.Agent.Native;

namespace FlourishaSandbox.Agent.Files.Interop;

/// <summary>The calls of the C library that .NET has no equal for: relative to an open folder, never through a link, never waiting.</summary>
internal static unsafe partial class FileCalls
{
    public const int CurrentFolder = -100;
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NoTerminal = 0x100;
    public const int NonBlocking = 0x800;
    public const int PathOnly = 0x200000;
    public const int CloseOnExec = 0x80000;
    public const int SymlinkNoFollow = 0x100;
    public const int RemoveFolder = 0x200;
    public const int MayRead = 4;
    public const int MayWrite = 2;
    public const int MayExecute = 1;
    public const long OmitTime = (1L << 30) - 2;

    /// <summary>"/proc/self/fd/5" and its like lead to places that no path leads to; the kernel is asked not to follow them.</summary>
    public const ulong ResolveNoMagicLinks = 2;

    private const int StatBasics = 0x7FF;

    // openat2 has no wrapper in the C library; it has the same number everywhere.
    private const nint OpenAt2Number = 437;

    /// <summary>Only folders are opened. Its value is not the same on all processors.</summary>
    public static int DirectoryOnly { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;

    /// <summary>A link in the last component is not followed.</summary>
    public static int NoFollow { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <summary>What every descriptor is opened with: not handed on to commands, no waiting for the other end of a pipe, no terminal taken.</summary>
    public const int Always = CloseOnExec | NonBlocking | NoTerminal;

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    public static partial int OpenAt(int folder, byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* data, nuint count);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    public static partial nint ReadAt(int descriptor, byte* data, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* data, nuint count);

    [LibraryImport("libc", EntryPoint = "writev", SetLastError = true)]
    public static partial nint WriteVector(int descriptor, IoVector* vectors, int count);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    public static partial long Seek(int descriptor, long offset, int from);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Truncate(int descriptor, long length);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    public static partial int MakeFolderAt(int folder, byte* path, uint mode);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    public static partial int UnlinkAt(int folder, byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true)]
    public static partial int RenameAt(int folder, byte* path, int newFolder, byte* newPath);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true)]
    public static partial int SymlinkAt(byte* target, int folder, byte* path);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true)]
    public static partial int LinkAt(int folder, byte* path, int newFolder, byte* newPath, int flags);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    public static partial nint ReadLinkAt(int folder, byte* path, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true)]
    public static partial byte* RealPath(byte* path, byte* buffer);

    [LibraryImport("libc", EntryPoint = "faccessat", SetLastError = true)]
    public static partial int AccessAt(int folder, byte* path, int mode, int flags);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    public static partial int ChangeMode(int descriptor, uint mode);

    [LibraryImport("libc", EntryPoint = "fchmodat", SetLastError = true)]
    public static partial int ChangeModeAt(int folder, byte* path, uint mode, int flags);

    /// <summary>Sets the times of what is at a path, or, where the path is null, of the descriptor itself.</summary>
    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true)]
    public static partial int SetTimesAt(int folder, byte* path, FileTime* times, int flags);

    [LibraryImport("libc", EntryPoint = "futimens", SetLastError = true)]
    public static partial int SetTimes(int descriptor, FileTime* times);

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    public static partial nint ReadFolder(int descriptor, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    public static partial int StatFileSystem(int descriptor, FileSystemStat* result);

    [LibraryImport("libc", EntryPoint = "statfs", SetLastError = true)]
    public static partial int StatFileSystem(byte* path, FileSystemStat* result);

    [LibraryImport("libc", EntryPoint = "flistxattr", SetLastError = true)]
    public static partial nint ListAttributes(int descriptor, byte* names, nuint size);

    [LibraryImport("libc", EntryPoint = "llistxattr", SetLastError = true)]
    public static partial nint ListAttributes(byte* path, byte* names, nuint size);

    [LibraryImport("libc", EntryPoint = "lgetxattr", SetLastError = true)]
    public static partial nint GetAttribute(byte* path, byte* name, byte* value, nuint size);

    [LibraryImport("libc", EntryPoint = "fsetxattr", SetLastError = true)]
    public static partial int SetAttribute(int descriptor, byte* name, byte* value, nuint size, int flags);

    [LibraryImport("libc", EntryPoint = "fremovexattr", SetLastError = true)]
    public static partial int RemoveAttribute(int descriptor, byte* name);

    [LibraryImport("libc", EntryPoint = "umask")]
    public static partial uint SetCreationMask(uint mask);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint GetUser();

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    public static partial int InotifyCreate(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true)]
    public static partial int InotifyAdd(int descriptor, byte* path, uint mask);

    [LibraryImport("libc", EntryPoint = "inotify_rm_watch", SetLastError = true)]
    public static partial int InotifyRemove(int descriptor, int watch);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int CreateEvent(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Stat(int folder, byte* path, int flags, uint mask, FileStat* result);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth);

    /// <summary>Asks about what is at a path.</summary>
    /// <returns>0, or the error's number.</returns>
    public static int StatAt(int folder, byte* path, bool follow, out FileStat result)
    {
        fixed (FileStat* pointer = &result)
            return Stat(folder, path, follow ? 0 : SymlinkNoFollow, StatBasics, pointer) < 0 ? Errno.Last : 0;
    }

    /// <summary>Asks about what is open.</summary>
    /// <returns>0, or the error's number.</returns>
    public static int StatOpen(int descriptor, out FileStat result)
    {
        const int EmptyPath = 0x1000;
        byte empty = 0;
        fixed (FileStat* pointer = &result)
            return Stat(descriptor, &empty, EmptyPath, StatBasics, pointer) < 0 ? Errno.Last : 0;
    }

    /// <summary>Opens with rules for the way there. The last error says why it failed.</summary>
    /// <returns>The descriptor, or -1.</returns>
    public static int OpenAt2(int folder, byte* path, int flags, uint mode, ulong resolve)
    {
        var how = stackalloc ulong[3] { (uint)flags, mode, resolve };
        return (int)SystemCall(OpenAt2Number, folder, (nint)path, (nint)how, 3 * sizeof(ulong));
    }

    /// <summary>A piece of memory, as writev takes it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct IoVector
    {
        public byte* Data;
        public nuint Length;
    }

    /// <summary>A time, as utimensat takes it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct FileTime
    {
        public long Seconds;
        public long Nanoseconds;
    }

    /// <summary>What poll waits for.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Result;
    }

    /// <summary>What statfs tells, on 64-bit machines.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 120)]
    public struct FileSystemStat
    {
        public long Type;
        public long BlockSize;
        public ulong Blocks;
        public ulong Free;
        public ulong Available;
    }
}
