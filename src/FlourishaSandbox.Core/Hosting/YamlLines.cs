using System.Globalization;
using System.Text;

namespace FlourishaSandbox.Hosting;

/// <summary>Writes YAML, line by line: mappings, lists of words, and remarks. Whatever text is written, it is read back as that text.</summary>
internal sealed class YamlLines
{
    private const int Step = 2;
    private readonly StringBuilder _text = new();
    private int _indent;

    /// <summary>A remark.</summary>
    public YamlLines Note(string words) => Line($"# {words}");

    /// <summary>Begins a mapping, or a list of them; what follows is in it.</summary>
    public YamlLines Open(string key)
    {
        Line($"{key}:");
        _indent += Step;
        return this;
    }

    /// <summary>Ends what was begun last.</summary>
    public YamlLines Close()
    {
        _indent -= Step;
        return this;
    }

    /// <summary>A text.</summary>
    public YamlLines Value(string key, string value) => Line($"{key}: {Quoted(value)}");

    /// <summary>A choice.</summary>
    public YamlLines Value(string key, bool value) => Line($"{key}: {(value ? "true" : "false")}");

    /// <summary>A number.</summary>
    public YamlLines Value(string key, int value) => Line(string.Create(CultureInfo.InvariantCulture, $"{key}: {value}"));

    /// <summary>A mapping with nothing in it.</summary>
    public YamlLines Empty(string key) => Line($"{key}: {{}}");

    /// <summary>A list of texts.</summary>
    public YamlLines List(string key, params string[] values)
    {
        Line($"{key}:");
        foreach (var value in values)
            Line($"  - {Quoted(value)}");

        return this;
    }

    /// <summary>Begins an entry of a list of mappings with one text.</summary>
    public YamlLines Item(string key, string value) => Line($"- {key}: {Quoted(value)}");

    /// <summary>A list in the entry that was begun last.</summary>
    public YamlLines Nested(string key, params string[] values)
    {
        _indent += Step;
        List(key, values);
        return Close();
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    // In single quotes nothing means anything but the quote itself; what has more than one line is not written.
    private static string Quoted(string value) =>
        value.Any(char.IsControl) ? throw new ArgumentException("What is written has one line.", nameof(value)) : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private YamlLines Line(string line)
    {
        _text.Append(' ', _indent).Append(line).Append('\n');
        return this;
    }
}
