using FlourishaSandbox.Docker.Transport;
using FlourishaSandbox.Transport;

namespace FlourishaSandbox.Docker;

/// <summary>
/// A file as it was when it was opened. A tar entry announces its length, so a file that grows would spill into the next entry; what grew
/// is left out, and a file that shrank is an error.
/// </summary>
internal sealed class UnchangingFileStream : ReadOnlyStream
{
    private readonly FileStream _file;
    private readonly string _name;
    private readonly long _length;
    private long _position;

    /// <summary>Creates the stream.</summary>
    /// <param name="file">The file, at its beginning.</param>
    /// <param name="name">What to call it in an error.</param>
    public UnchangingFileStream(FileStream file, string name)
    {
        _file = file;
        _name = name;
        _length = file.Length;
    }

    /// <summary>True, for the length is known; the tar writer then streams.</summary>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override long Length => _length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set
        {
            if (value != _position)
                throw new NotSupportedException();
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = (int)Math.Min(buffer.Length, _length - _position);
        if (wanted == 0)
            return 0;
        var count = await _file.ReadAsync(buffer[..wanted], cancellationToken).ConfigureAwait(false);
        if (count == 0)
            throw new IOException($"'{_name}' became shorter while it was sent.");
        _position += count;
        return count;
    }
}
