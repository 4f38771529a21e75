using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using FlourishaSandbox.Browser.Driving;

namespace FlourishaSandbox.Browser.Tests.Driving;

public sealed class FrameFilterTests
{
    private const string Log = """{"method":"Runtime.consoleAPICalled","params":{"type":"log"}}""";
    private const string Other = """{"method":"Page.frameNavigated","params":{}}""";

    private readonly Clock _clock = new();
    private readonly ArrayBufferWriter<byte> _passed = new();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void What_is_no_flood_is_passed_on_as_it_is_however_it_comes(int piece)
    {
        byte[] all = [.. Frame(Log), .. Frame(""), .. Frame("{}"), .. Frame(Other), .. Frame(new string('x', 126)), .. Frame(new string('y', 70_000)), 0x89, 0, .. Frame(Log)];
        var filter = new FrameFilter(100_000, _clock);
        foreach (var part in all.Chunk(piece))
            Assert.True(filter.Take(part, _passed));

        Assert.Equal(all, _passed.WrittenSpan.ToArray());
    }

    [Theory]
    [InlineData("""{"method":"Runtime.consoleAPICalled","params":{}}""")]
    [InlineData("""{"method":"Runtime.exceptionThrown","params":{}}""")]
    [InlineData("""{"method":"Log.entryAdded","params":{}}""")]
    public void Of_what_pages_log_only_so_much_is_passed_on_and_everything_else_is(string log)
    {
        var filter = new FrameFilter(100_000, _clock);
        var line = Frame(log);
        for (var i = 0; i < FrameFilter.MostLogs; i++)
            Assert.True(filter.Take(line, _passed));

        Assert.Equal(FrameFilter.MostLogs * line.Length, _passed.WrittenCount);
        Assert.Empty(Pass(filter, line));
        Assert.Equal(Frame(Other), Pass(filter, [.. line, .. Frame(Other), .. line]));

        _clock.Now += FrameFilter.Window;
        Assert.Equal(line, Pass(filter, line));
    }

    [Fact]
    public void Few_lines_that_are_huge_are_a_flood_too()
    {
        var filter = new FrameFilter(FrameFilter.MostLogBytes, _clock);
        var half = Frame(Log.PadRight((int)(FrameFilter.MostLogBytes / 2)));
        Assert.Equal(half.Length, Pass(filter, half).Length);
        Assert.Equal(half.Length, Pass(filter, half).Length);
        Assert.Empty(Pass(filter, Frame(Log)));
    }

    [Fact]
    public void A_message_that_is_too_long_is_refused_before_it_has_come()
    {
        var filter = new FrameFilter(1000, _clock);
        Assert.Equal(1000 + 4, Pass(filter, Frame(new string('x', 1000))).Length);
        Assert.False(filter.Take(Frame(new string('x', 1001)).AsSpan(0, 4), _passed));
        Assert.False(new FrameFilter(1000, _clock).Take([0x81, 127, 0xff, 0, 0, 0, 0, 0, 0, 0], _passed));
    }

    private byte[] Pass(FrameFilter filter, byte[] data)
    {
        _passed.ResetWrittenCount();
        Assert.True(filter.Take(data, _passed));
        return _passed.WrittenSpan.ToArray();
    }

    // As a server sends it: whole, and not masked.
    private static byte[] Frame(string text)
    {
        var content = Encoding.UTF8.GetBytes(text);
        var head = content.Length switch
        {
            < 126 => [0x81, (byte)content.Length],
            <= ushort.MaxValue => new byte[] { 0x81, 126, 0, 0 },
            _ => [0x81, 127, 0, 0, 0, 0, 0, 0, 0, 0],
        };
        if (head.Length == 4)
            BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)content.Length);
        else if (head.Length == 10)
            BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(2), content.Length);

        return [.. head, .. content];
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
