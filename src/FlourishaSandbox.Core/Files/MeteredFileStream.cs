using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Files;

/// <summary>
/// Reads a local file for a tar entry: exactly as many bytes as the entry's header promised. A file that grows is cut at its old
/// length, and one that shrinks fails the copy, because the archive would be broken from there on.
/// </summary>
internal sealed class MeteredFileStream : Stream
{
    private readonly FileStream _file;
    private readonly CopyProgress _progress;
    private long _position;

    public MeteredFileStream(string path, CopyProgress progress)
    {
        _progress = progress;
        _file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Open,
            Access = FileAccess.Read,
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.SequentialScan,
            BufferSize = 0, // the tar writer reads in large pieces already
        });
        Length = _file.Length;
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; }

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, Length - _position);
        var read = wanted == 0 ? 0 : _file.Read(buffer[..wanted]);
        return Count(read, wanted);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    // Read at once: a local file's bytes are here sooner than the thread pool could have taken over, and the runtime has nothing better
    // for files than to block another thread.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();

        base.Dispose(disposing);
    }

    private int Count(int read, int wanted)
    {
        if (read == 0 && wanted > 0)
            throw new SandboxException(SandboxError.PathNotUsable, $"The file '{_file.Name}' became shorter while it was copied.", _file.Name, "Copy it again when nothing writes to it.");

        _position += read;
        _progress.Add(read);
        return read;
    }
}
