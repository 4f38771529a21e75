using FlourishaSandbox.Browser.Suites.Reading;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Suites;

/// <summary>The viewports that a suite knows by name, and those that hold where a check names none.</summary>
internal sealed class SuiteViewports
{
    private readonly List<SuiteViewport> _known = [.. SuiteViewport.Known];

    /// <summary>Reads the suite's: a list of names and sizes, or names of its own with sizes.</summary>
    /// <param name="fields">The suite.</param>
    public SuiteViewports(SuiteFields fields)
    {
        if (fields.Find("viewports") is SuiteMap map)
        {
            var own = map.Entries.Select(entry => SuiteViewport.Parse(entry.Key, fields.ToText(entry.Value, entry.Key)) ?? throw NoSize(fields, entry.Line, fields.ToText(entry.Value, entry.Key))).ToList();
            foreach (var odd in map.Entries.Where(entry => !IsName(entry.Key)))
                throw fields.Source.Fault(odd.Line, $"'{Excerpt.Of(odd.Key)}' is no name of a viewport", "Use letters, digits, '-' and '_'.");

            _known.RemoveAll(one => own.Exists(other => other.Name == one.Name));
            _known.AddRange(own);
            Default = own;
        }
        else
        {
            Default = [.. fields.Texts("viewports").Distinct().Select(name => Find(fields, name))];
        }

        if (Default.Count == 0)
            Default = [SuiteViewport.Default];
    }

    /// <summary>Those that hold where a check names none.</summary>
    public IReadOnlyList<SuiteViewport> Default { get; }

    /// <summary>The one that is meant by a name, or by a size.</summary>
    /// <param name="fields">What names it.</param>
    /// <param name="name">The name or size.</param>
    /// <returns>The viewport.</returns>
    public SuiteViewport Find(SuiteFields fields, string name) =>
        _known.FirstOrDefault(one => one.Name == name) ?? SuiteViewport.Parse(name, name) ?? throw NoSize(fields, fields.Find("viewports")?.Line ?? fields.Line, name);

    private static bool IsName(string text) => text.Length is > 0 and <= 40 && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');

    private SandboxException NoSize(SuiteFields fields, int line, string text) =>
        fields.Source.Fault(line, $"'{Excerpt.Of(text)}' is no viewport", $"Write {string.Join(", ", _known.Select(one => one.Name))}, or a size from 100x100 to 4000x4000 such as 390x844.");
}
