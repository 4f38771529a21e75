using System.Buffers;
using System.IO.Pipelines;
using FlourishaSandbox.Agent.Files.Interop;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Http;

namespace FlourishaSandbox.Agent.Files.Tar;

/// <summary>
/// Unpacks a tar stream into a folder, piece by piece as it arrives. It is hostile until proven otherwise, and so is what is in the
/// folder: see <see cref="TarFolders"/> and <see cref="TarNames"/>.
/// </summary>
/// <param name="folder">The folder; disposed with this.</param>
internal sealed class TarUnpacker(OpenFile folder) : IDisposable
{
    // What is taken at once. Kestrel stops at 1 MiB that was not taken, so it has to be less than that.
    private const int BatchSize = 256 << 10;

    // A path has 4 KiB at most; extended attributes, which are passed over, 64 KiB.
    private const int LargestHeader = 128 << 10;

    // What fills up the last record: 10 KiB as tar has it, 64 KiB as tapes had it.
    private const long LongestTail = 1 << 20;

    private readonly byte[] _block = new byte[TarFormat.BlockSize];
    private readonly TarHeaders _headers = new();
    private readonly TarExtractor _extractor = new(folder);
    private State _state;
    private byte _extension;
    private int _extensionSize;
    private long _left;
    private long _tail;

    private enum State
    {
        Header,
        Extension,
        Content,
        Skip,
        End,
    }

    /// <summary>How much has to arrive, at least, before anything can be done; in bytes.</summary>
    public int Wanted => _state switch
    {
        State.Header => TarFormat.BlockSize,
        State.Extension => _extensionSize + TarFormat.Padding(_extensionSize),
        _ => 1,
    };

    /// <summary>Unpacks all that comes.</summary>
    /// <param name="source">The stream.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="ConnectException">The stream is refused, or something cannot be written.</exception>
    public async Task<TarReceipt> ReadAsync(PipeReader source, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await source.ReadAtLeastAsync(Math.Max(BatchSize, Wanted), cancellationToken);
            var buffer = read.Buffer;
            try
            {
                Feed(ref buffer);
            }
            finally
            {
                source.AdvanceTo(buffer.Start, buffer.End);
            }

            if (read.IsCompleted)
                return Complete();
        }
    }

    /// <summary>Unpacks what has arrived.</summary>
    /// <param name="buffer">What has arrived; afterwards what of it has to be there again, with more after it.</param>
    /// <exception cref="ConnectException">The stream is refused, or something cannot be written.</exception>
    public void Feed(ref ReadOnlySequence<byte> buffer)
    {
        while (buffer.Length >= Wanted)
        {
            switch (_state)
            {
                case State.Header:
                    buffer.Slice(0, TarFormat.BlockSize).CopyTo(_block);
                    buffer = buffer.Slice(TarFormat.BlockSize);
                    Begin();
                    break;

                case State.Extension:
                    var extension = new byte[_extensionSize];
                    buffer.Slice(0, _extensionSize).CopyTo(extension);
                    buffer = buffer.Slice(Wanted);
                    _headers.Extend(_extension, extension);
                    _state = State.Header;
                    break;

                case State.Content:
                    var content = buffer.Slice(0, Math.Min(buffer.Length, _left));
                    _extractor.Write(content);
                    Consume(ref buffer, content.Length);
                    break;

                case State.Skip:
                    Consume(ref buffer, Math.Min(buffer.Length, _left));
                    break;

                default:
                    _tail += buffer.Length;
                    buffer = buffer.Slice(buffer.End);
                    if (_tail > LongestTail)
                        throw TarHeaders.Invalid("it goes on after its end");

                    break;
            }
        }
    }

    /// <summary>Ends: folders get the modes and times that they are to have.</summary>
    /// <returns>What was written.</returns>
    /// <exception cref="ConnectException">The stream ended before the archive did.</exception>
    public TarReceipt Complete() => _state == State.End ? _extractor.Complete() : throw TarHeaders.Invalid("it ends before its end");

    /// <summary>Frees what is open. A file that has not come to its end is removed.</summary>
    public void Dispose() => _extractor.Dispose();

    private void Begin()
    {
        if (!_block.AsSpan().ContainsAnyExcept((byte)0))
        {
            _state = State.End;
            return;
        }

        var (type, size) = TarHeaders.Read(_block);
        if (TarHeaders.IsExtension(type))
        {
            if (size > LargestHeader)
                throw TarHeaders.Invalid($"an extended header of {size} bytes is more than any file needs");

            (_state, _extension, _extensionSize) = (State.Extension, type, (int)size);
            if (size == 0)
                _state = State.Header;
        }
        else if (type == TarFormat.GlobalRecords)
        {
            Expect(State.Skip, size, TarFormat.Padding(size));
        }
        else
        {
            var entry = _headers.Complete(_block, type, size);
            _extractor.Begin(entry);
            Expect(State.Content, entry.Size, 0);
        }
    }

    private void Expect(State state, long size, int padding)
    {
        if (size > long.MaxValue - TarFormat.BlockSize)
            throw TarHeaders.Invalid("an entry is larger than a file can be");

        (_state, _left) = (state, size + padding);
        if (_left == 0)
            EndContent();
    }

    private void Consume(ref ReadOnlySequence<byte> buffer, long count)
    {
        buffer = buffer.Slice(count);
        _left -= count;
        if (_left == 0)
            EndContent();
    }

    private void EndContent()
    {
        if (_state == State.Content && _extractor.End() is > 0 and var padding)
            (_state, _left) = (State.Skip, padding);
        else
            _state = State.Header;
    }
}
