using System.Globalization;

namespace FlourishaSandbox.Agent.Files.Content;

/// <summary>A part of a file.</summary>
/// <param name="Start">Where it begins, in bytes.</param>
/// <param name="Length">How long it is, in bytes.</param>
internal readonly record struct ByteRange(long Start, long Length)
{
    /// <summary>Reads a Range header.</summary>
    /// <param name="header">The header; null or empty for none.</param>
    /// <param name="size">The file's size in bytes.</param>
    /// <param name="range">The part; of length 0 where the file has no such part.</param>
    /// <returns>False where the whole file is to be sent: no header, one that is not understood, or one that asks for several parts.</returns>
    public static bool TryParse(string? header, long size, out ByteRange range)
    {
        const string Unit = "bytes=";
        range = default;
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
            return false;

        var text = header.AsSpan(Unit.Length).Trim();
        var dash = text.IndexOf('-');
        if (dash < 0 || text.Contains(','))
            return false;

        var first = text[..dash].Trim();
        var last = text[(dash + 1)..].Trim();
        long start = 0, end = size - 1;
        if (first.IsEmpty)
        {
            if (!TryParse(last, out var count))
                return false;

            start = Math.Max(0, size - count);
            range = new ByteRange(start, count == 0 ? 0 : size - start);
            return true;
        }

        if (!TryParse(first, out start) || (!last.IsEmpty && !TryParse(last, out end)) || (!last.IsEmpty && end < start))
            return false;

        range = start < size ? new ByteRange(start, Math.Min(end, size - 1) - start + 1) : default;
        return true;
    }

    private static bool TryParse(ReadOnlySpan<char> text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
