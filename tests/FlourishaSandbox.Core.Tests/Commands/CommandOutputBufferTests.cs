using System.Text;
using FlourishaSandbox.Commands;

namespace FlourishaSandbox.Core.Tests.Commands;

public sealed class CommandOutputBufferTests
{
    [Theory]
    [InlineData(9, "123456789", true)]
    [InlineData(10, "1234567890", false)]
    [InlineData(11, "1234567890", false)]
    [InlineData(0, "", true)]
    public async Task The_beginning_is_kept_up_to_the_limit_of_each_stream(int limit, string kept, bool truncated)
    {
        using var buffer = new CommandOutputBuffer(limit);
        foreach (var piece in new[] { "123", "4567", "890" })
        {
            await buffer.WriteAsync(OutputSource.Output, Encoding.ASCII.GetBytes(piece), CancellationToken.None);
            Assert.Empty(buffer.Error.ToArray());
        }

        Assert.Equal((kept, truncated), (Encoding.ASCII.GetString(buffer.Output.Span), buffer.Truncated));
    }

    [Fact]
    public async Task One_stream_takes_nothing_from_the_other_s_limit()
    {
        using var buffer = new CommandOutputBuffer(4);
        await buffer.WriteAsync(OutputSource.Output, "out!"u8.ToArray(), CancellationToken.None);
        await buffer.WriteAsync(OutputSource.Error, "err!"u8.ToArray(), CancellationToken.None);
        Assert.Equal(("out!", "err!", false), (Encoding.ASCII.GetString(buffer.Output.Span), Encoding.ASCII.GetString(buffer.Error.Span), buffer.Truncated));
        await buffer.WriteAsync(OutputSource.Error, "more"u8.ToArray(), CancellationToken.None);
        Assert.Equal(("out!", "err!", true), (Encoding.ASCII.GetString(buffer.Output.Span), Encoding.ASCII.GetString(buffer.Error.Span), buffer.Truncated));
    }

    [Fact]
    public void No_limit_is_below_nothing() => Assert.Throws<ArgumentOutOfRangeException>(() => new CommandOutputBuffer(-1));
}
