using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Sandboxes;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("plain täxt ✓ 漢字 👩‍💻", "plain täxt ✓ 漢字 👩‍💻")]
    [InlineData("a\nb\tc\rd", @"a\nb\tc\rd")]
    [InlineData("\u001b[2J\u0007", @"\u001b[2J\u0007")]
    [InlineData("\u009b31m", @"\u009b31m")]
    [InlineData("exe\u202egpj", @"exe\u202egpj")]
    public void A_line_stays_one_line_and_gives_the_terminal_no_orders(string text, string shown) => Assert.Equal(shown, Printable.Line(text));

    [Fact]
    public void Several_lines_keep_their_ends() => Assert.Equal("a\nb\tc\\u001b", Printable.Lines("a\r\nb\tc\u001b"));
}
