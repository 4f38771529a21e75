using System.Text;
using System.Text.Json;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Suites.Reading;

/// <summary>Reads JSON, with the line of every value.</summary>
/// <param name="source">The file.</param>
internal sealed class JsonSuiteReader(SuiteSource source)
{
    private byte[] _bytes = [];
    private int _counted;
    private int _line = 1;

    /// <summary>Reads a text.</summary>
    /// <param name="text">The file's text.</param>
    /// <returns>What is in it.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: it is no JSON.</exception>
    public SuiteNode Read(string text)
    {
        _bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(_bytes, new JsonReaderOptions { MaxDepth = SuiteSource.MaximumDepth + 1, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        try
        {
            reader.Read();
            var root = ReadNode(ref reader, depth: 1);
            reader.Read(); // throws where something stands behind
            return root;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // An InvalidOperationException is half of a surrogate pair in an escape.
            var line = e is JsonException { LineNumber: { } number } ? (int)number + 1 : _line;
            throw source.Fault(line, $"it is no JSON: {e.Message.Split(" LineNumber:")[0].TrimEnd('.')}", "See to quotes, commas and braces.");
        }
    }

    private SuiteNode ReadNode(ref Utf8JsonReader reader, int depth)
    {
        var line = LineOf(ref reader);
        source.Count(line, depth);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadMap(ref reader, line, depth);

            case JsonTokenType.StartArray:
                var items = new List<SuiteNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(ReadNode(ref reader, depth + 1));

                return new SuiteList(line, items);

            case JsonTokenType.String:
                return new SuiteScalar(line, reader.GetString()!, IsText: true);

            default:
                return SuiteScalar.Plain(line, Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    private SuiteMap ReadMap(ref Utf8JsonReader reader, int line, int depth)
    {
        var entries = new List<SuiteEntry>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = reader.GetString()!;
            var keyLine = LineOf(ref reader);
            if (entries.Exists(entry => entry.Key == key))
                throw source.Fault(keyLine, $"'{key}' comes twice", "Remove one of the two.");

            reader.Read();
            entries.Add(new SuiteEntry(keyLine, key, ReadNode(ref reader, depth + 1)));
        }

        return new SuiteMap(line, entries);
    }

    private int LineOf(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        _line += _bytes.AsSpan(_counted, start - _counted).Count((byte)'\n');
        _counted = start;
        return _line;
    }
}
