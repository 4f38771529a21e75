using System.Buffers.Text;
using System.IO.Pipelines;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Agent.Processes;

/// <summary>
/// Writes what a process wrote as the protocol's messages. By hand, straight into the answer's memory: this is what a gigabyte of output
/// goes through. What it writes is what the serializer would write of a ProcessEventResponse with a data event.
/// </summary>
internal static class ProcessEventWriter
{
    /// <summary>The most bytes of one message; in base64 they are a third more.</summary>
    public const int LargestData = 48 * 1024;

    private static ReadOnlySpan<byte> Suffix => "\"}}}"u8;

    /// <summary>Writes a data event.</summary>
    /// <param name="writer">The answer; not flushed.</param>
    /// <param name="source">Where the bytes came from.</param>
    /// <param name="bytes">At most <see cref="LargestData"/>.</param>
    public static void Write(PipeWriter writer, OutputSource source, ReadOnlySpan<byte> bytes)
    {
        var prefix = source switch
        {
            OutputSource.Stdout => "{\"event\":{\"data\":{\"stdout\":\""u8,
            OutputSource.Stderr => "{\"event\":{\"data\":{\"stderr\":\""u8,
            _ => "{\"event\":{\"data\":{\"pty\":\""u8,
        };
        var length = prefix.Length + Base64.GetMaxEncodedToUtf8Length(bytes.Length) + Suffix.Length;
        var span = writer.GetSpan(ConnectEnvelope.HeaderLength + length);
        ConnectEnvelope.WriteHeader(span, 0, length);
        var rest = span[ConnectEnvelope.HeaderLength..];
        prefix.CopyTo(rest);
        Base64.EncodeToUtf8(bytes, rest[prefix.Length..], out _, out var encoded);
        Suffix.CopyTo(rest[(prefix.Length + encoded)..]);
        writer.Advance(ConnectEnvelope.HeaderLength + length);
    }
}
