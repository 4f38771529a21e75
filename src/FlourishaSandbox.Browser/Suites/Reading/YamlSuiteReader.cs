using FlourishaSandbox.Sandboxes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FlourishaSandbox.Browser.Suites.Reading;

/// <summary>
/// Reads YAML from the parser's events, and not by a deserializer: tags make no objects here, an alias repeats what is counted, and every value keeps its line.
/// </summary>
/// <param name="source">The file.</param>
internal sealed class YamlSuiteReader(SuiteSource source)
{
    private readonly Dictionary<string, SuiteNode> _anchors = [];

    /// <summary>Reads a text.</summary>
    /// <param name="text">The file's text.</param>
    /// <returns>What is in it.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: it is no YAML, or does what suites may not.</exception>
    public SuiteNode Read(string text)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
                throw source.Fault(1, "it is empty", "Begin with 'name:' and 'app:'.");

            parser.Consume<DocumentStart>();
            var root = ReadNode(parser, depth: 1);
            parser.Consume<DocumentEnd>();
            if (parser.Accept<DocumentStart>(out var second))
                throw source.Fault(LineOf(second.Start), "a second document begins", "Keep each suite in a file of its own.");

            return root;
        }
        catch (YamlException e)
        {
            // The parser's own words begin with a position that is said already.
            throw source.Fault(LineOf(e, text), $"it is no YAML: {e.Message.TrimEnd('.')}", "YAML is indented by spaces, and texts with ': ' or ' #' in them are quoted.");
        }
    }

    // The parser tells a tab at the end of the line before.
    private static int LineOf(YamlException e, string text)
    {
        var line = LineOf(e.Start);
        var tab = e.Message.Contains(" tab ", StringComparison.Ordinal) ? Array.FindIndex(text.Split('\n'), line - 1, one => one.TrimStart(' ').StartsWith('\t')) : -1;
        return tab < 0 ? line : tab + 1;
    }

    private static int LineOf(Mark mark) => (int)Math.Max(1, mark.Line);

    private SuiteNode ReadNode(Parser parser, int depth)
    {
        var next = parser.Current ?? throw source.Fault(1, "it ends too early", "See to its end.");
        var line = LineOf(next.Start);
        source.Count(line, depth);
        if (parser.TryConsume<AnchorAlias>(out var alias))
            return Repeat(alias, line, depth);

        if (next is NodeEvent { Tag.IsEmpty: false } tagged)
            throw source.Fault(line, $"it has the tag '{tagged.Tag}'", "Suites have no tags. Quote a text that begins with '!'.");

        // Known only when it is whole, so that nothing can hold itself.
        var anchor = (next as NodeEvent)?.Anchor ?? AnchorName.Empty;
        SuiteNode node = next switch
        {
            Scalar => ReadScalar(parser.Consume<Scalar>(), line),
            SequenceStart => ReadList(parser, line, depth),
            MappingStart => ReadMap(parser, line, depth),
            _ => throw source.Fault(line, "something is missing", "See to what stands before."),
        };

        if (!anchor.IsEmpty)
            _anchors[anchor.Value] = node;

        return node;
    }

    private SuiteNode Repeat(AnchorAlias alias, int line, int depth)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var node))
            throw source.Fault(line, $"the alias '*{alias.Value}' means nothing that stands before", "Write the anchor '&…' first.");

        CountAgain(node, line, depth);
        return node;
    }

    private void CountAgain(SuiteNode node, int line, int depth)
    {
        source.Count(line, depth);
        var below = node switch
        {
            SuiteList list => list.Items,
            SuiteMap map => map.Entries.Select(entry => entry.Value),
            _ => [],
        };
        foreach (var child in below)
            CountAgain(child, line, depth + 1);
    }

    private static SuiteScalar ReadScalar(Scalar scalar, int line) =>
        scalar.Style == ScalarStyle.Plain ? SuiteScalar.Plain(line, scalar.Value) : new SuiteScalar(line, scalar.Value, IsText: true);

    private SuiteList ReadList(Parser parser, int line, int depth)
    {
        parser.Consume<SequenceStart>();
        var items = new List<SuiteNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(ReadNode(parser, depth + 1));

        return new SuiteList(line, items);
    }

    private SuiteMap ReadMap(Parser parser, int line, int depth)
    {
        parser.Consume<MappingStart>();
        var entries = new List<SuiteEntry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key))
                throw source.Fault(LineOf(parser.Current!.Start), "a key is no text", "Keys are plain words.");

            var keyLine = LineOf(key.Start);
            if (!key.Tag.IsEmpty)
                throw source.Fault(keyLine, $"a key has the tag '{key.Tag}'", "Suites have no tags.");

            if (entries.Exists(entry => entry.Key == key.Value))
                throw source.Fault(keyLine, $"'{key.Value}' comes twice", "Remove one of the two.");

            entries.Add(new SuiteEntry(keyLine, key.Value, ReadNode(parser, depth + 1)));
        }

        return new SuiteMap(line, entries);
    }
}
