using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using FlourishaSandbox.Terminals;

namespace FlourishaSandbox.Cli.Terminal;

/// <summary>Standard output or standard error: bytes as they are, at once, and with word when the reader has gone.</summary>
internal sealed class StandardStream : Stream
{
    // A pipe that is ready takes this much without blocking (PIPE_BUF), so that Ctrl+C works also while a slow reader is waited for.
    private const int Piece = 4096;
    private const int PollMilliseconds = 100;

    private readonly int _descriptor;
    private readonly bool _isOpen;
    private readonly Stream? _console;

    private StandardStream(int descriptor)
    {
        _descriptor = descriptor;
        IsTerminal = descriptor == 1 ? !Console.IsOutputRedirected : !Console.IsErrorRedirected;
        _isOpen = OperatingSystem.IsWindows() || LibC.IsInherited(descriptor);
        if (OperatingSystem.IsWindows())
            _console = descriptor == 1 ? Console.OpenStandardOutput() : Console.OpenStandardError();
    }

    /// <summary>Standard output.</summary>
    public static StandardStream Output { get; } = new(1);

    /// <summary>Standard error.</summary>
    public static StandardStream Error { get; } = new(2);

    /// <summary>Whether a person looks at it.</summary>
    public bool IsTerminal { get; }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Writes a line.</summary>
    /// <param name="line">The line, without its end.</param>
    public void WriteLine(string line) => Write(Encoding.UTF8.GetBytes(line + Environment.NewLine));

    /// <summary>
    /// Writes a line if it can be written. For words to a person on standard error: where that is closed or its reader has gone,
    /// there is no place left to complain, and what the program was called for must go on.
    /// </summary>
    /// <param name="line">The line, without its end.</param>
    public void TryWriteLine(string line) => TryWrite(line + Environment.NewLine);

    /// <summary>Writes text if it can be written, as <see cref="TryWriteLine"/> does.</summary>
    /// <param name="text">The text.</param>
    public void TryWrite(string text)
    {
        try
        {
            Write(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException)
        {
            return; // see above
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <exception cref="ClosedOutputException">The reader has gone.</exception>
    public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer, CancellationToken.None);

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    /// <exception cref="ClosedOutputException">The reader has gone.</exception>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span, cancellationToken);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    private void Write(ReadOnlySpan<byte> buffer, CancellationToken cancellationToken)
    {
        if (!_isOpen)
            throw Failed("it is closed");

        if (_console is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _console.Write(buffer);
            return;
        }

        while (buffer.Length > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (LibC.WaitUntilReady(_descriptor, LibC.PollOut, PollMilliseconds))
                buffer = buffer[WritePiece(buffer[..Math.Min(buffer.Length, Piece)])..];
        }
    }

    private unsafe int WritePiece(ReadOnlySpan<byte> piece)
    {
        fixed (byte* data = piece)
        {
            var written = LibC.Write(_descriptor, data, (nuint)piece.Length);
            if (written >= 0)
                return (int)written;
        }

        var error = Marshal.GetLastPInvokeError();
        return error switch
        {
            LibC.BrokenPipe => throw new ClosedOutputException(),
            _ when error == LibC.Interrupted || error == LibC.TryAgain => 0,
            _ => throw Failed(new Win32Exception(error).Message),
        };
    }

    private IOException Failed(string reason) => new($"Writing to standard {(_descriptor == 1 ? "output" : "error")} failed: {reason}");
}
