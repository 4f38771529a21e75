using FlourishaSandbox.Cli.Terminal;

namespace FlourishaSandbox.Cli.Tests.Terminal;

public class TableTests
{
    [Fact]
    public void Columns_are_as_wide_as_they_need_to_be()
    {
        var table = new Table("NAME", ">SIZE", "NOTE");
        table.Add("a", "1", "first");
        table.Add("longer", "12345", "");
        Assert.Equal(["NAME     SIZE  NOTE", "a           1  first", "longer  12345"], table.Lines());
    }

    [Fact]
    public void Without_rows_there_is_nothing() => Assert.Empty(new Table("NAME").Lines());

    [Fact]
    public void A_cell_cannot_leave_its_row()
    {
        var table = new Table("NAME");
        table.Add("a\nb\u001b[1A");
        Assert.Equal(["NAME", @"a\nb\u001b[1A"], table.Lines());
    }
}
