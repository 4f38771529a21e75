using System.Text;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Terminal;

/// <summary>Rows in columns as wide as they need to be, two spaces apart, the last one open-ended.</summary>
/// <param name="headings">The columns' headings; one that begins with '&gt;' is aligned to the right.</param>
internal sealed class Table(params string[] headings)
{
    private const string Gap = "  ";
    private readonly List<string[]> _rows = [[.. headings.Select(heading => heading.TrimStart('>'))]];

    /// <summary>Adds a row.</summary>
    /// <param name="cells">One text for each column; shown on one line, whatever is in them.</param>
    public void Add(params string[] cells) => _rows.Add([.. cells.Select(Printable.Line)]);

    /// <summary>The lines; none where there are no rows.</summary>
    /// <returns>The headings and the rows.</returns>
    public IEnumerable<string> Lines()
    {
        if (_rows.Count == 1)
            return [];

        var widths = Enumerable.Range(0, headings.Length).Select(column => _rows.Max(row => row[column].Length)).ToArray();
        return _rows.Select(row => Format(row, widths));
    }

    private string Format(string[] row, int[] widths)
    {
        var line = new StringBuilder();
        for (var column = 0; column < row.Length; column++)
        {
            var isRight = headings[column].StartsWith('>');
            line.Append(column == 0 ? "" : Gap).Append(isRight ? row[column].PadLeft(widths[column]) : row[column].PadRight(widths[column]));
        }

        return line.ToString().TrimEnd();
    }
}
