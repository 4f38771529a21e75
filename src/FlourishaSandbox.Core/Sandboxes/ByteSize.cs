using System.Globalization;
using System.Text.RegularExpressions;

namespace FlourishaSandbox.Sandboxes;

/// <summary>Sizes as people write them. A KB has 1,024 bytes, as in PowerShell and in Docker's own options.</summary>
public static partial class ByteSize
{
    private const string Units = "bkmgt";

    /// <summary>Reads a size.</summary>
    /// <param name="text">A number, with B, K, M, G or T, KB, KiB and so on behind it, in either case.</param>
    /// <param name="bytes">The size in bytes.</param>
    /// <returns>False where the text is none, or more than a long holds.</returns>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var match = Form().Match(text);
        if (!match.Success || !decimal.TryParse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return false;

        var unit = match.Groups["unit"] is { Success: true, Value: var letter } ? Units.IndexOf(char.ToLowerInvariant(letter[0]), StringComparison.Ordinal) : 0;
        var value = number * (1L << (10 * unit));
        if (value > long.MaxValue)
            return false;

        bytes = (long)value;
        return true;
    }

    /// <summary>Writes a size with three digits or so.</summary>
    /// <param name="bytes">The size in bytes.</param>
    /// <returns>For example <c>512B</c>, <c>1.5MB</c>, <c>24GB</c>.</returns>
    public static string Format(long bytes)
    {
        var value = (double)bytes;
        var unit = 0;
        for (; value >= 1024 && unit < Units.Length - 1; unit++)
            value /= 1024;

        var number = value.ToString(unit == 0 || value >= 10 ? "0" : "0.#", CultureInfo.InvariantCulture);
        return number + (unit == 0 ? "B" : $"{char.ToUpperInvariant(Units[unit])}B");
    }

    [GeneratedRegex(@"\A(?<number>[0-9]{1,20}(?:\.[0-9]{1,9})?)(?:(?<unit>[bB]|[kKmMgGtT])(?:(?<=[^bB])i?[bB])?)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
