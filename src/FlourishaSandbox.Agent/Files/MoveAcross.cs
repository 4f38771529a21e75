using System.IO.Pipelines;
using FlourishaSandbox.Agent.Files.Interop;
using FlourishaSandbox.Agent.Files.Tar;
using FlourishaSandbox.Agent.Native;

namespace FlourishaSandbox.Agent.Files;

/// <summary>
/// Moves from one file system to another, as <c>mv</c> does it: a copy beside the destination, which takes its name when it is whole,
/// and then the source goes.
/// </summary>
internal static class MoveAcross
{
    private const uint OwnFolderMode = 0x1C0;

    /// <summary>Moves.</summary>
    /// <param name="source">What to move.</param>
    /// <param name="destination">What it becomes; the folder above is there.</param>
    /// <param name="uid">The user's number.</param>
    /// <param name="cancellationToken">Ends it; what was copied is removed again.</param>
    /// <returns>0, or the number of the error with which the copy did not get its name.</returns>
    /// <exception cref="Envd.Connect.ConnectException">Something cannot be read, written or removed.</exception>
    public static async Task<int> RunAsync(string source, string destination, uint uid, CancellationToken cancellationToken)
    {
        var folder = PathParts.Join(PathParts.Parent(destination), $".flourisha-{Guid.NewGuid():N}");
        MakeFolder(folder);
        int error;
        try
        {
            await CopyAsync(source, folder, uid, cancellationToken);
            error = FilesystemService.Rename(PathParts.Join(folder, PathParts.Name(source)), destination);
        }
        finally
        {
            TreeRemoval.Remove(folder);
        }

        if (error == 0)
            TreeRemoval.Remove(source);

        return error;
    }

    private static async Task CopyAsync(string source, string folder, uint uid, CancellationToken cancellationToken)
    {
        var packer = new TarPacker(source, uid);
        packer.Check();
        var target = OpenFile.TryOpen(FileCalls.CurrentFolder, PathBytes.From(folder), FileCalls.PathOnly | FileCalls.DirectoryOnly, 0, out var error) ?? throw Errno.ToException(error, folder);
        using var unpacker = new TarUnpacker(target);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19, minimumSegmentSize: 64 << 10, useSynchronizationContext: false));
        var packing = PackAsync(packer, pipe.Writer, cancellationToken);
        try
        {
            await unpacker.ReadAsync(pipe.Reader, cancellationToken);
        }
        finally
        {
            // A writer whose reader has gone writes into nothing, and comes to its end.
            await pipe.Reader.CompleteAsync();
            await packing;
        }
    }

    private static async Task PackAsync(TarPacker packer, PipeWriter output, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await packer.WriteAsync(output, cancellationToken);
        }
        catch (Exception e)
        {
            // It comes out at the other end.
            failure = e;
        }

        await output.CompleteAsync(failure);
    }

    private static unsafe void MakeFolder(string path)
    {
        fixed (byte* pointer = PathBytes.From(path))
        {
            if (FileCalls.MakeFolderAt(FileCalls.CurrentFolder, pointer, OwnFolderMode) < 0)
                throw Errno.ToException(Errno.Last, PathParts.Parent(path));
        }
    }
}
