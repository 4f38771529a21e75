using System.Text;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Hosting;

/// <summary>Keeps the end of what a process writes, to be shown with a failure.</summary>
internal sealed class OutputTail : ICommandOutput
{
    /// <summary>Bytes that are kept.</summary>
    public const int Limit = 2048;

    private const int MostLines = 10;
    private const int LongestLine = 300;
    private const char Escape = '\u001b';

    private readonly List<byte> _bytes = [];
    private bool _isCut;

    /// <summary>Begins with the end of something longer.</summary>
    /// <param name="isCut">Whether something came before.</param>
    public OutputTail(bool isCut) => _isCut = isCut;

    /// <inheritdoc/>
    public ValueTask WriteAsync(OutputSource source, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        _bytes.AddRange(data.Span.Length > Limit ? data.Span[^Limit..] : data.Span);
        if (_bytes.Count > Limit)
        {
            _bytes.RemoveRange(0, _bytes.Count - Limit);
            _isCut = true;
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>The last lines, each indented; without colours, and with nothing that a terminal would obey. Empty where there are none.</summary>
    public string ToLines()
    {
        var lines = Printable.Lines(WithoutColours(Encoding.UTF8.GetString([.. _bytes]))).Split('\n').Select(line => line.TrimEnd()).ToList();
        if (_isCut && lines.Count > 1)
            lines.RemoveAt(0); // hardly ever a whole one

        var last = lines.Where(line => line.Length > 0).TakeLast(MostLines).Select(line => line.Length > LongestLine ? line[..LongestLine] + "…" : line);
        return string.Concat(last.Select(line => $"\n  {line}"));
    }

    // Sequences of the form ESC [ … letter, which servers colour their logs with.
    private static string WithoutColours(string text)
    {
        if (!text.Contains(Escape, StringComparison.Ordinal))
            return text;

        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == Escape && i + 1 < text.Length && text[i + 1] == '[')
            {
                for (i += 2; i < text.Length && text[i] is >= ' ' and < '@'; i++)
                {
                }
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }
}
