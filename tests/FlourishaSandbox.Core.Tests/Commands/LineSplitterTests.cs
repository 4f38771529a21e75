using System.Text;
using FlourishaSandbox.Commands;

namespace FlourishaSandbox.Core.Tests.Commands;

public sealed class LineSplitterTests
{
    private const string Text = "plain\nwith cr\r\n\n\r\nümläut 漢字 😀\r\nlone \r inside\nlast without end 🧪";
    private static readonly string[] s_lines = ["plain", "with cr", "", "", "ümläut 漢字 😀", "lone \r inside", "last without end 🧪"];

    private static List<string> Split(params IEnumerable<byte[]> pieces)
    {
        var splitter = new LineSplitter();
        var lines = new List<string>();
        foreach (var piece in pieces)
            lines.AddRange(splitter.Push(piece));
        lines.AddRange(splitter.Push(default, isEnd: true));
        return lines;
    }

    [Fact]
    public void Lines_are_the_same_wherever_the_bytes_are_cut()
    {
        var bytes = Encoding.UTF8.GetBytes(Text);
        for (var first = 0; first <= bytes.Length; first++)
            for (var second = first; second <= bytes.Length; second++)
                Assert.Equal(s_lines, Split(bytes[..first], bytes[first..second], bytes[second..]));
    }

    [Fact]
    public void Lines_are_the_same_byte_by_byte() => Assert.Equal(s_lines, Split(Encoding.UTF8.GetBytes(Text).Select(one => new[] { one })));

    [Fact]
    public void A_line_comes_as_soon_as_it_is_complete()
    {
        var splitter = new LineSplitter();
        Assert.Equal(["one"], splitter.Push("one\ntw"u8.ToArray()));
        Assert.Equal(["two"], splitter.Push("o\n"u8.ToArray()));
        Assert.Empty(splitter.Push(default, isEnd: true));
    }

    [Fact]
    public void What_is_no_UTF_8_is_marked_and_loses_no_neighbour()
    {
        Assert.Equal(["a\uFFFDb", "\uFFFD"], Split([0x61, 0xFF, 0x62, 0x0A, 0xE6, 0xBC]));

        // The same in one piece and in random ones, for random bytes.
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var bytes = new byte[random.Next(1, 60)];
            random.NextBytes(bytes);
            var expected = Encoding.UTF8.GetString(bytes).Split('\n').Select((line, i) => (line, i)).ToList();
            var pieces = new List<byte[]>();
            for (var start = 0; start < bytes.Length;)
            {
                var length = Math.Min(random.Next(1, 5), bytes.Length - start);
                pieces.Add(bytes[start..(start + length)]);
                start += length;
            }

            Assert.Equal(Split([bytes]), Split(pieces));
            Assert.Equal(Encoding.UTF8.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n'), string.Join('\n', Split([bytes])).TrimEnd('\n'));
        }
    }

    [Fact]
    public void A_line_without_end_comes_in_pieces_and_whole()
    {
        // Characters of four bytes, so that a piece could end in the middle of one.
        var line = "x" + string.Concat(Enumerable.Repeat("😀", LineSplitter.MaximumLength));
        var lines = Split(Encoding.UTF8.GetBytes(line).Chunk(100_000));
        Assert.Equal(line, string.Concat(lines));
        Assert.All(lines, piece =>
        {
            Assert.InRange(piece.Length, 1, LineSplitter.MaximumLength);
            Assert.False(char.IsLowSurrogate(piece[0]) || char.IsHighSurrogate(piece[^1]), "a character was torn apart");
        });
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void A_line_about_as_long_as_a_piece_gets_no_empty_line_behind_it_but_what_it_has(int more)
    {
        var line = new string('x', LineSplitter.MaximumLength + more);
        var lines = Split(Encoding.UTF8.GetBytes(line + "\nnext\n"));
        Assert.Equal("next", lines[^1]);
        Assert.Equal(line, string.Concat(lines[..^1]));
        Assert.Equal(more > 0 ? 3 : 2, lines.Count);
    }

    [Fact]
    public async Task The_two_streams_have_lines_of_their_own()
    {
        var lines = new List<(OutputSource, string)>();
        var output = new CommandOutputLines((source, line) => lines.Add((source, line)));
        await output.WriteAsync(OutputSource.Output, "ou"u8.ToArray(), CancellationToken.None);
        await output.WriteAsync(OutputSource.Error, "err\nmo"u8.ToArray(), CancellationToken.None);
        await output.WriteAsync(OutputSource.Output, "t\n"u8.ToArray(), CancellationToken.None);
        await output.WriteAsync(OutputSource.Error, "re"u8.ToArray(), CancellationToken.None);
        await output.CompleteAsync(CancellationToken.None);
        Assert.Equal([(OutputSource.Error, "err"), (OutputSource.Output, "out"), (OutputSource.Error, "more")], lines);
    }
}
