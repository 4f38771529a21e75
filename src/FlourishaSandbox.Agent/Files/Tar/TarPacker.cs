using System.Buffers;
using System.IO.Pipelines;
using FlourishaSandbox.Agent.Files.Interop;
using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Agent.Files.Tar;

/// <summary>
/// Writes a file or folder as a tar stream. Files are read straight into one large buffer, between their headers: small ones cost four
/// calls of the kernel each, and large ones go through at the speed of memory.
/// </summary>
/// <param name="path">An absolute path.</param>
/// <param name="uid">The user's number, by which a file's mode says whether it can be read.</param>
internal sealed class TarPacker(string path, uint uid)
{
    private const int BufferSize = 256 << 10;
    private const int EndSize = 2 * TarFormat.BlockSize;
    private const int OwnerMayRead = 0x100;

    private byte[] _buffer = [];
    private int _used;

    /// <summary>Makes sure, before anything is written, that all of it can be read.</summary>
    /// <exception cref="ConnectException">
    /// <see cref="ConnectCode.NotFound"/>, or <see cref="ConnectCode.PermissionDenied"/> with the path of what cannot be read.
    /// </exception>
    public void Check()
    {
        using var walk = TreeWalk.Open(path);
        while (walk.MoveNext())
        {
            if (walk.Stat.IsFile && !CanRead(walk))
                throw Errno.ToException(Errno.AccessDenied, walk.Path);
        }
    }

    /// <summary>Writes all of it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ConnectException">Something cannot be read any more; the stream has no end then.</exception>
    public async Task WriteAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var walk = TreeWalk.Open(path);
            while (walk.MoveNext())
            {
                if (walk.Stat.IsFile)
                    await AddFileAsync(walk, output, cancellationToken);
                else if (walk.Stat.IsFolder)
                    await AddAsync(TarFormat.Folder, walk, [], output, cancellationToken);
                else if (walk.Stat.IsLink && PathBytes.ReadLink(walk.Folder, walk.NameAndNul, out _) is { } target)
                    await AddAsync(TarFormat.SymbolicLink, walk, target, output, cancellationToken);
                else if (TarFormat.SpecialType(walk.Stat) is { } special)
                    await AddAsync(special, walk, [], output, cancellationToken);
            }

            await MakeRoomAsync(EndSize, output, cancellationToken);
            _buffer.AsSpan(_used, EndSize).Clear();
            _used += EndSize;
            await FlushAsync(output, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    // The owner's bits are all that counts for the owner; about others the kernel is asked.
    private unsafe bool CanRead(TreeWalk walk)
    {
        if (walk.Stat.User == uid && (walk.Stat.Mode & OwnerMayRead) != 0)
            return true;

        fixed (byte* name = walk.NameAndNul)
            return FileCalls.AccessAt(walk.Folder, name, FileCalls.MayRead, 0) == 0;
    }

    private async ValueTask AddAsync(byte type, TreeWalk walk, byte[] link, PipeWriter output, CancellationToken cancellationToken)
    {
        var size = TarFormat.EntrySize(walk.Name.Length + (type == TarFormat.Folder ? 1 : 0), link.Length);
        await MakeRoomAsync(size, output, cancellationToken);
        WriteHeader(type, walk, link, walk.Stat, 0);
        _used += size;
    }

    private async ValueTask AddFileAsync(TreeWalk walk, PipeWriter output, CancellationToken cancellationToken)
    {
        var file = OpenFile.TryOpen(walk.Folder, walk.NameAndNul, FileCalls.ReadOnly | FileCalls.NoFollow, 0, out var error);
        if (file is null)
        {
            // Removed since, or replaced by a link: no part of the copy any more.
            _ = error is Errno.NoEntry or Errno.TooManyLinks ? 0 : throw Errno.ToException(error, walk.Path);
            return;
        }

        using (file)
        {
            error = FileCalls.StatOpen(file.Descriptor, out var stat);
            if (error != 0)
                throw Errno.ToException(error, walk.Path);

            if (stat.IsFile)
                await AddOpenFileAsync(file, stat, walk, output, cancellationToken);
        }
    }

    private async ValueTask AddOpenFileAsync(OpenFile file, FileStat stat, TreeWalk walk, PipeWriter output, CancellationToken cancellationToken)
    {
        var headerSize = TarFormat.EntrySize(walk.Name.Length, 0);

        // With a small file all in the buffer, its header can still be put right if it turns out to be shorter.
        await MakeRoomAsync((int)Math.Min(BufferSize, headerSize + stat.Size + TarFormat.BlockSize), output, cancellationToken);
        var header = _used;
        WriteHeader(TarFormat.RegularFile, walk, [], stat, stat.Size);
        _used += headerSize;

        for (var offset = 0L; offset < stat.Size;)
        {
            if (_used == BufferSize)
            {
                await FlushAsync(output, cancellationToken);
                header = -1;
            }

            var read = file.ReadAt(_buffer.AsSpan(_used, (int)Math.Min(BufferSize - _used, stat.Size - offset)), offset);
            if (read < 0)
                throw Errno.ToException(-read, walk.Path);

            if (read == 0)
            {
                if (header < 0)
                    throw new ConnectException(ConnectCode.Aborted, $"'{walk.Path}' was shortened while it was being copied");

                stat.Size = offset;
                var used = _used;
                _used = header;
                WriteHeader(TarFormat.RegularFile, walk, [], stat, offset);
                _used = used;
            }

            _used += read;
            offset += read;
        }

        var padding = TarFormat.Padding(stat.Size);
        await MakeRoomAsync(padding, output, cancellationToken);
        _buffer.AsSpan(_used, padding).Clear();
        _used += padding;
    }

    private void WriteHeader(byte type, TreeWalk walk, ReadOnlySpan<byte> link, in FileStat stat, long size)
    {
        if (type != TarFormat.Folder)
        {
            TarFormat.WriteEntry(_buffer.AsSpan(_used), type, walk.Name, link, stat, size);
            return;
        }

        var length = walk.Name.Length;
        var name = ArrayPool<byte>.Shared.Rent(length + 1);
        walk.Name.CopyTo(name);
        name[length] = (byte)'/';
        TarFormat.WriteEntry(_buffer.AsSpan(_used), type, name.AsSpan(0, length + 1), link, stat, size);
        ArrayPool<byte>.Shared.Return(name);
    }

    private ValueTask MakeRoomAsync(int size, PipeWriter output, CancellationToken cancellationToken) =>
        BufferSize - _used >= size ? default : FlushAsync(output, cancellationToken);

    private async ValueTask FlushAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        var isGone = _used > 0 && (await output.WriteAsync(_buffer.AsMemory(0, _used), cancellationToken)).IsCompleted;
        _used = 0;

        // Who is gone takes everything without a word.
        cancellationToken.ThrowIfCancellationRequested();
        if (isGone)
            throw new ConnectException(ConnectCode.Canceled, "nobody takes the rest");
    }
}
