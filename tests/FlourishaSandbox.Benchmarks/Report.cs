namespace FlourishaSandbox.Benchmarks;

/// <summary>Collects the results and prints them.</summary>
internal sealed class Report
{
    private static readonly string[] s_heads = ["what", "ours", "p95", "against", "theirs", "p95", "ratio", "target", "verdict", "", ""];

    private readonly List<Row> _rows = [];
    private readonly List<string> _left = [];

    /// <summary>Adds a line.</summary>
    public void Add(Row row) => _rows.Add(row);

    /// <summary>Tells what could not be measured here, and why.</summary>
    public void LeaveOut(string what, string why) => _left.Add($"not measured: {what}: {why}");

    /// <summary>Prints the table.</summary>
    /// <param name="duration">How long everything took.</param>
    public void Print(TimeSpan duration)
    {
        var lines = _rows.ConvertAll(Cells);
        lines.Insert(0, s_heads);
        var widths = Enumerable.Range(0, s_heads.Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        lines.Insert(1, Array.ConvertAll(widths, width => new string('─', width)));

        Console.WriteLine();
        foreach (var line in lines)
            Console.WriteLine(string.Join("  ", line.Select((cell, column) => column is 0 or 3 or >= 7 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());

        Console.WriteLine();
        foreach (var line in _left)
            Console.WriteLine(line);

        Console.WriteLine("Medians. ratio: the median of ours/theirs over the rounds, which alternate. spread: half of the values lie that far from the middle, and the figure is to be doubted.");
        Console.WriteLine($"{_rows.Count(row => row.Verdict == "ok")} targets met, {_rows.Count(row => row.IsMissed)} MISSED, in {duration.TotalSeconds:0} s.");
    }

    private static string[] Cells(Row row) =>
    [
        row.What, row.Ours.Format(row.Ours.Median), row.Ours.Format(row.Ours.Percentile(0.95)),
        row.Against ?? "", row.Other is { } other ? other.Format(other.Median) : "", row.Other?.Format(row.Other.Percentile(0.95)) ?? "",
        row.Ratio?.ToString("0.00", null) ?? "", row.Target, row.Verdict, $"n={row.Ours.Values.Count}", row.Note,
    ];
}
