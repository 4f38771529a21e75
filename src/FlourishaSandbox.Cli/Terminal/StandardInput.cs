using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using FlourishaSandbox.Terminals;

namespace FlourishaSandbox.Cli.Terminal;

/// <summary>
/// Standard input for a command in a sandbox. Reading waits in a thread of its own, which does not keep the process alive: a pipe that
/// nobody writes to and nobody closes, as automation likes to leave it, ends with the command and not the other way round.
/// </summary>
internal sealed class StandardInput : Stream
{
    private const int PieceSize = 64 << 10;

    // One piece ahead: enough to overlap reading with sending, little enough that a slow command holds back whoever feeds us.
    private readonly Channel<ReadOnlyMemory<byte>> _pieces = Channel.CreateBounded<ReadOnlyMemory<byte>>(1);
    private ReadOnlyMemory<byte> _current;
    private int _isStarted;

    /// <summary>Whether standard input is a file or a pipe: neither a person's keyboard nor nothing at all.</summary>
    public static bool IsRedirected => Console.IsInputRedirected && (OperatingSystem.IsWindows() || LibC.IsInherited(0));

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isStarted, 1) == 0)
            new Thread(ReadPieces) { IsBackground = true, Name = "standard input" }.Start();

        while (_current.IsEmpty)
        {
            if (!await _pieces.Reader.WaitToReadAsync(cancellationToken))
                return 0;

            _ = _pieces.Reader.TryRead(out _current);
        }

        var count = Math.Min(buffer.Length, _current.Length);
        _current[..count].CopyTo(buffer);
        _current = _current[count..];
        return count;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Standard input is read asynchronously only.");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void ReadPieces()
    {
        var console = OperatingSystem.IsWindows() ? Console.OpenStandardInput() : null;
        try
        {
            while (true)
            {
                var piece = new byte[PieceSize];
                var count = console?.Read(piece) ?? ReadPiece(piece);
                if (count == 0)
                    break;

                while (!_pieces.Writer.TryWrite(piece.AsMemory(0, count)))
                {
                    if (!_pieces.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult())
                        return;
                }
            }

            _pieces.Writer.Complete();
        }
        catch (IOException e)
        {
            _pieces.Writer.Complete(e); // whoever reads next is told
        }
    }

    private static unsafe int ReadPiece(Span<byte> piece)
    {
        while (true)
        {
            fixed (byte* data = piece)
            {
                var count = LibC.Read(0, data, (nuint)piece.Length);
                if (count >= 0)
                    return (int)count;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == LibC.TryAgain)
                LibC.WaitUntilReady(0, LibC.PollIn, milliseconds: -1);
            else if (error != LibC.Interrupted)
                throw new IOException($"Reading standard input failed: {new Win32Exception(error).Message}");
        }
    }
}
