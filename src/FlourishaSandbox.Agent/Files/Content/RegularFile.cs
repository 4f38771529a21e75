using FlourishaSandbox.Agent.Files.Interop;
using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Agent.Files.Content;

/// <summary>
/// Opens files by path, and nothing that only looks like one: no device, pipe or socket, and no question to the kernel. Opening never
/// waits, and never wakes who waits at the other end of a pipe.
/// </summary>
internal static unsafe class RegularFile
{
    private const uint NewFileMode = 0x1B6;

    // Old kernels, and old engines' filters of system calls, know no openat2. The checks after opening are all there is then.
    private static readonly bool s_hasOpenAt2 = ProbeOpenAt2();

    /// <summary>Opens a file to read it.</summary>
    /// <param name="path">An absolute path; links are followed.</param>
    /// <param name="stat">What it is.</param>
    /// <exception cref="ConnectException">There is none, or none that may be read.</exception>
    public static OpenFile OpenRead(string path, out FileStat stat)
    {
        if (!FilesystemService.TryStat(path, out var expected))
            throw Errno.ToException(Errno.NoEntry, path);

        CheckPath(expected, path);
        var file = TryOpen(path, FileCalls.ReadOnly, out var error) ?? throw Errno.ToLookupException(error, path);
        stat = CheckOpen(file, path);
        return file;
    }

    /// <summary>Opens a file to write it from its begin; makes it, and the folders above it, where it is not there. What it holds stays until then.</summary>
    /// <param name="path">An absolute path; links are followed.</param>
    /// <param name="isNew">Whether it was made.</param>
    /// <param name="length">How many bytes it holds.</param>
    /// <exception cref="ConnectException">It cannot be written or made.</exception>
    public static OpenFile OpenWrite(string path, out bool isNew, out long length)
    {
        isNew = false;
        int error;
        OpenFile? file;
        if (FilesystemService.TryStat(path, out var expected))
        {
            CheckPath(expected, path);
            file = TryOpen(path, FileCalls.WriteOnly, out error);
        }
        else
        {
            FilesystemService.MakeFolders(PathParts.Parent(path));
            file = TryOpen(path, FileCalls.WriteOnly | FileCalls.Create | FileCalls.Exclusive, out error);
            isNew = file is not null;

            // A link that leads nowhere yet is there, and yet is not.
            if (error == Errno.Exists)
                file = TryOpen(path, FileCalls.WriteOnly | FileCalls.Create, out error);
        }

        if (file is null)
            throw Errno.ToException(error, path);

        length = CheckOpen(file, path).Size;
        return file;
    }

    private static OpenFile? TryOpen(string path, int flags, out int error)
    {
        if (!s_hasOpenAt2)
            return OpenFile.TryOpen(FileCalls.CurrentFolder, PathBytes.From(path), flags, NewFileMode, out error);

        fixed (byte* pointer = PathBytes.From(path))
        {
            var mode = (flags & FileCalls.Create) != 0 ? NewFileMode : 0;
            var descriptor = FileCalls.OpenAt2(FileCalls.CurrentFolder, pointer, flags | FileCalls.Always, mode, FileCalls.ResolveNoMagicLinks);
            error = descriptor < 0 ? Errno.Last : 0;
            return descriptor < 0 ? null : new OpenFile(descriptor);
        }
    }

    private static FileStat CheckOpen(OpenFile file, string path)
    {
        try
        {
            if (FileCalls.StatOpen(file.Descriptor, out var stat) is not 0 and var error)
                throw Errno.ToException(error, path);

            Check(stat, path);
            return !SpecialFiles.Contain(file) ? stat : throw Special(path);
        }
        catch (ConnectException)
        {
            file.Dispose();
            throw;
        }
    }

    // Before it is opened: that alone may be what a device or a pipe was waiting for.
    private static void CheckPath(in FileStat stat, string path)
    {
        Check(stat, path);
        _ = !SpecialFiles.Contain(path) ? 0 : throw Special(path);
    }

    private static ConnectException Special(string path) => new(ConnectCode.InvalidArgument, $"'{path}' is no file, but a question to the kernel");

    private static void Check(in FileStat stat, string path)
    {
        if (stat.IsFolder)
            throw new ConnectException(ConnectCode.InvalidArgument, $"path '{path}' is a directory");

        if (!stat.IsFile)
            throw new ConnectException(ConnectCode.InvalidArgument, $"'{path}' is a device, a pipe or a socket");
    }

    private static bool ProbeOpenAt2()
    {
        fixed (byte* root = "/\0"u8)
        {
            var descriptor = FileCalls.OpenAt2(FileCalls.CurrentFolder, root, FileCalls.PathOnly | FileCalls.CloseOnExec, 0, FileCalls.ResolveNoMagicLinks);
            if (descriptor >= 0)
                _ = FileCalls.Close(descriptor);

            return descriptor >= 0;
        }
    }
}
