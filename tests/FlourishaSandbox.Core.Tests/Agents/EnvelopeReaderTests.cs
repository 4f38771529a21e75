using System.Text;
using FlourishaSandbox.Agents;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Core.Tests.Agents;

public sealed class EnvelopeReaderTests
{
    private static byte[] Message(byte flags, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var message = new byte[ConnectEnvelope.HeaderLength + bytes.Length];
        ConnectEnvelope.WriteHeader(message, flags, bytes.Length);
        bytes.CopyTo(message, ConnectEnvelope.HeaderLength);
        return message;
    }

    private static async Task<List<string>> ReadAsync(byte[] stream, int piece, int maximum = 1 << 20)
    {
        var reader = new EnvelopeReader(new Trickle(stream, piece), capacity: 16, maximum);
        var messages = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken) is { } message)
            messages.Add(Encoding.UTF8.GetString(message.Span));

        return messages;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Messages_come_whole_however_they_are_cut(int piece)
    {
        var words = new[] { "{}", new string('x', 5000), "", "äöü" };
        byte[] stream = [.. words.SelectMany(word => Message(0, word)), .. Message(ConnectEnvelope.EndStreamFlag, "{}")];
        Assert.Equal(words, await ReadAsync(stream, piece));
    }

    [Fact]
    public async Task The_error_at_the_end_has_its_code_and_words()
    {
        byte[] stream = [.. Message(0, "{}"), .. Message(ConnectEnvelope.EndStreamFlag, """{"error":{"code":"not_found","message":"no such process"}}""")];
        var error = await Assert.ThrowsAsync<ConnectException>(() => ReadAsync(stream, 64));
        Assert.Equal((ConnectCode.NotFound, "no such process"), (error.Code, error.Message));
    }

    [Fact]
    public async Task A_stream_without_an_end_is_no_end() =>
        await Assert.ThrowsAsync<EndOfStreamException>(() => ReadAsync(Message(0, "{}"), 64));

    [Theory]
    [InlineData("unknown flags", new byte[] { 4, 0, 0, 0, 0 }, ConnectCode.InvalidArgument)]
    [InlineData("compressed", new byte[] { 1, 0, 0, 0, 0 }, ConnectCode.Unimplemented)]
    [InlineData("2 GiB and more", new byte[] { 0, 0xFF, 0xFF, 0xFF, 0xFF }, ConnectCode.ResourceExhausted)]
    [InlineData("an end that is no JSON", new byte[] { 2, 0, 0, 0, 1, (byte)'x' }, ConnectCode.Internal)]
    public async Task What_is_no_message_is_refused(string what, byte[] stream, ConnectCode code)
    {
        var error = await Assert.ThrowsAsync<ConnectException>(() => ReadAsync(stream, 64));
        Assert.True(code == error.Code, $"{what}: {error.Code}");
    }

    private sealed class Trickle(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
