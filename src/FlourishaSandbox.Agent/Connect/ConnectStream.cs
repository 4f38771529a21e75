using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Agent.Connect;

/// <summary>The messages that an answer is made of. One writer at a time.</summary>
internal sealed class ConnectStream
{
    private readonly ArrayBufferWriter<byte> _message = new();

    /// <summary>Creates a stream over an answer's body.</summary>
    /// <param name="writer">The body.</param>
    /// <param name="keepalive">After how long a silence the client wants a sign of life.</param>
    /// <param name="timeout">How long the call may take; null for no limit.</param>
    public ConnectStream(PipeWriter writer, TimeSpan keepalive, TimeSpan? timeout)
    {
        Writer = writer;
        Keepalive = keepalive;
        Timeout = timeout;
    }

    /// <summary>The body, for those who write envelopes themselves.</summary>
    public PipeWriter Writer { get; }

    /// <summary>After how long a silence the client wants a sign of life.</summary>
    public TimeSpan Keepalive { get; }

    /// <summary>How long the client lets the call take; null for no limit. The handler's token is canceled then, but for calls that have their own use of it.</summary>
    public TimeSpan? Timeout { get; }

    /// <summary>Sends a message. Waits while the client is slower.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="message">The message.</param>
    /// <param name="type">How it is written.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Sending.</returns>
    public async ValueTask WriteAsync<T>(T message, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        Put(0, message, type);
        await Writer.FlushAsync(cancellationToken);
    }

    /// <summary>Sends the last message.</summary>
    /// <param name="end">How the stream ends.</param>
    /// <param name="type">How it is written.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Sending.</returns>
    public async ValueTask EndAsync(EndStream end, JsonTypeInfo<EndStream> type, CancellationToken cancellationToken)
    {
        Put(ConnectEnvelope.EndStreamFlag, end, type);
        await Writer.FlushAsync(cancellationToken);
    }

    private void Put<T>(byte flags, T message, JsonTypeInfo<T> type)
    {
        _message.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_message))
            JsonSerializer.Serialize(json, message, type);

        ConnectEnvelope.WriteHeader(Writer.GetSpan(ConnectEnvelope.HeaderLength), flags, _message.WrittenCount);
        Writer.Advance(ConnectEnvelope.HeaderLength);
        Writer.Write(_message.WrittenSpan);
    }
}
