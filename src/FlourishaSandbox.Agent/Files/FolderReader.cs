using System.Buffers;
using System.Buffers.Binary;
using FlourishaSandbox.Agent.Files.Interop;
using FlourishaSandbox.Agent.Native;

namespace FlourishaSandbox.Agent.Files;

/// <summary>The names in an open folder, one after the other, with no more memory than a buffer. Disposes the folder too.</summary>
/// <param name="folder">The folder.</param>
internal sealed class FolderReader(OpenFile folder) : IDisposable
{
    private const int BufferSize = 16 << 10;
    private const int NameOffset = 19;

    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _length;
    private int _position;
    private int _nameLength;

    /// <summary>The folder.</summary>
    public OpenFile Folder { get; } = folder;

    /// <summary>The current name, without its NUL. Good until the next one is asked for.</summary>
    public ReadOnlySpan<byte> Name => _buffer.AsSpan(_position + NameOffset, _nameLength);

    /// <summary>The current name, with its NUL.</summary>
    public ReadOnlySpan<byte> NameAndNul => _buffer.AsSpan(_position + NameOffset, _nameLength + 1);

    /// <summary>The next name, other than <c>.</c> and <c>..</c>.</summary>
    /// <param name="error">The error's number, where the folder cannot be read on.</param>
    /// <returns>False at the end, and where there is an error.</returns>
    public bool MoveNext(out int error)
    {
        while (true)
        {
            _position += _length > 0 && _position < _length ? BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(_position + 16)) : 0;
            if (_position >= _length && !Fill(out error))
                return false;

            error = 0;
            var name = _buffer.AsSpan(_position + NameOffset);
            _nameLength = name.IndexOf((byte)0);
            if (!IsDots(name[.._nameLength]))
                return true;
        }
    }

    /// <summary>Begins again with the first name.</summary>
    /// <returns>0, or the error's number.</returns>
    public int Rewind()
    {
        (_length, _position) = (0, 0);
        return FileCalls.Seek(Folder.Descriptor, 0, 0) < 0 ? Errno.Last : 0;
    }

    public void Dispose()
    {
        if (_buffer is null)
            return;

        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
        Folder.Dispose();
    }

    private unsafe bool Fill(out int error)
    {
        (_length, _position) = (0, 0);
        fixed (byte* data = _buffer)
        {
            var read = FileCalls.ReadFolder(Folder.Descriptor, data, BufferSize);
            error = read < 0 ? Errno.Last : 0;
            _length = Math.Max(0, (int)read);
            return _length > 0;
        }
    }

    private static bool IsDots(ReadOnlySpan<byte> name) => name.Length <= 2 && name.IndexOfAnyExcept((byte)'.') < 0;
}
