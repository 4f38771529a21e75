using System.Buffers;
using System.Text.Json;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Agents;

/// <summary>Reads the messages of a Connect stream one after the other.</summary>
/// <param name="stream">The answer's body.</param>
/// <param name="capacity">The buffer's length at first, in bytes; it grows with the longest message.</param>
/// <param name="maximum">The longest message that is taken, in bytes.</param>
internal sealed class EnvelopeReader(Stream stream, int capacity, int maximum)
{
    private byte[] _buffer = new byte[capacity];
    private int _start;
    private int _end;

    /// <summary>The next message, valid until the next call; null after the last one.</summary>
    /// <exception cref="ConnectException">The stream ended with an error, or what came is no message.</exception>
    /// <exception cref="EndOfStreamException">The stream broke off.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var arrived = new ReadOnlySequence<byte>(_buffer, _start, _end - _start);
            if (ConnectEnvelope.TryRead(ref arrived, out var flags, out var message, maximum))
            {
                _start = _end - (int)arrived.Length;
                if ((flags & ConnectEnvelope.EndStreamFlag) == 0)
                    return message.First;

                Check(message.FirstSpan);
                return null;
            }

            if (_start > 0)
            {
                Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
                (_start, _end) = (0, _end - _start);
            }

            if (_end == _buffer.Length)
                Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, maximum + ConnectEnvelope.HeaderLength));

            var count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            _end += count;
            if (count == 0)
                throw new EndOfStreamException("the agent's stream broke off");
        }
    }

    private static void Check(ReadOnlySpan<byte> message)
    {
        try
        {
            if (JsonSerializer.Deserialize(message, EnvdJson.Default.EndStream)?.Error is { } error)
                throw new ConnectException(ConnectCodes.FromName(error.Code), error.Message ?? error.Code ?? "no reason was given");
        }
        catch (JsonException e)
        {
            throw new ConnectException(ConnectCode.Internal, $"the end of the agent's stream cannot be read: {e.Message}", e);
        }
    }
}
