using System.Globalization;
using System.Text.Json.Nodes;

namespace FlourishaSandbox.Browser.Suites.Reading;

/// <summary>A text, a number, a truth value or nothing.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Text">As it was written, without quotes.</param>
/// <param name="IsText">Whether it can be nothing but text: quoted, or like no number, truth value or null.</param>
internal sealed record SuiteScalar(int Line, string Text, bool IsText) : SuiteNode(Line)
{
    /// <inheritdoc/>
    public override string Kind => IsNull ? "empty" : IsText ? "a text" : IsFlag ? "true or false" : "a number";

    /// <summary>Whether nothing is written there.</summary>
    public bool IsNull => !IsText && (Text.Length == 0 || Text is "~" or "null" or "Null" or "NULL");

    /// <summary>Whether it is true or false. Not yes and no: they are words.</summary>
    public bool IsFlag => !IsText && IsTruth(Text);

    /// <summary>Reads what was written without quotes: nothing, true or false, a number as JSON has it, else a text.</summary>
    /// <param name="line">The line.</param>
    /// <param name="text">What was written.</param>
    /// <returns>The scalar.</returns>
    public static SuiteScalar Plain(int line, string text) =>
        new(line, text, IsText: !(text.Length == 0 || text is "~" or "null" or "Null" or "NULL" || IsTruth(text) || IsNumber(text)));

    /// <summary>The value as JSON has it.</summary>
    /// <returns>The value; null for nothing.</returns>
    public JsonNode? ToJson()
    {
        if (IsText)
            return JsonValue.Create(Text);

        if (IsNull)
            return null;

        if (IsFlag)
            return JsonValue.Create(Text[0] is 't' or 'T');

        return long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? JsonValue.Create(whole)
            : JsonValue.Create(double.Parse(Text, NumberStyles.Float, CultureInfo.InvariantCulture));
    }

    private static bool IsTruth(string text) => text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE";

    // 007 and 1_000 are texts, and so are the infinities: what a sign, a code or a version looks like stays as it is.
    private static bool IsNumber(string text)
    {
        var digits = text.StartsWith('-') ? text[1..] : text;
        return digits.Length > 0
            && char.IsAsciiDigit(digits[0])
            && !(digits.Length > 1 && digits[0] == '0' && char.IsAsciiDigit(digits[1]))
            && digits.All(character => char.IsAsciiDigit(character) || character is '.' or 'e' or 'E' or '+' or '-')
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number);
    }
}
