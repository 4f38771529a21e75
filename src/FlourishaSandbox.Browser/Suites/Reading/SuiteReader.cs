using System.Text.Json.Nodes;
using FlourishaSandbox.Browser.Suites.Checks;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Suites.Reading;

/// <summary>Makes a suite of what is in a file.</summary>
internal static class SuiteReader
{
    private const int MaximumChecks = 1000;

    /// <summary>Reads a suite.</summary>
    /// <param name="path">The file.</param>
    /// <param name="given">Variables that the caller gives.</param>
    /// <returns>The suite.</returns>
    /// <exception cref="SandboxException">As for <see cref="AppTestSuite.Read"/>.</exception>
    public static AppTestSuite Read(string path, IReadOnlyDictionary<string, string> given)
    {
        path = Directory.Exists(path) ? FindIn(path) : path;
        var source = new SuiteSource(path);
        var root = source.Read();
        var fields = new SuiteFields(source, root, SuiteShapes.Suite);
        var viewports = new SuiteViewports(fields);
        var app = fields.Find("app") is { } node ? AppUnderTest.Read(source, node) : AppUnderTest.Read(source, new SuiteMap(1, []));
        var checks = fields.Entries.SelectMany(entry => ReadSection(fields, entry.Key, viewports)).ToList();
        if (checks.Count is 0 or > MaximumChecks)
            throw source.Fault(fields.Line, checks.Count == 0 ? "there are no checks" : $"there are {checks.Count} checks, and {MaximumChecks} at most", "Add api, stories, visual, accessibility or run, each with a list.");

        CheckNames(source, root, checks);
        var variables = ReadVariables(fields, given);
        CheckVariables(source, root, [.. variables.Keys]);
        return new AppTestSuite(Path.GetFullPath(path), new SuiteContent
        {
            Name = fields.Text("name") ?? Path.GetFileNameWithoutExtension(path),
            App = app,
            Browser = BrowserChoice.Read(fields),
            Console = ConsoleRules.Read(fields),
            Timeout = fields.Span("timeout") ?? TimeSpan.FromMinutes(1),
            Variables = variables,
            Checks = checks,
        });
    }

    /// <summary>Refuses names of variables that could not be written as <c>${name}</c>.</summary>
    /// <param name="source">The file.</param>
    /// <param name="entry">The variable.</param>
    public static void CheckVariableName(SuiteSource source, SuiteEntry entry)
    {
        if (!SuiteVariables.IsName(entry.Key))
            throw source.Fault(entry.Line, $"'{Excerpt.Of(entry.Key)}' is no name of a variable", "Begin it with a letter; digits, '_', '-' and '.' can follow.");
    }

    private static string FindIn(string folder) =>
        AppTestSuite.FileNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new SandboxException(SandboxError.PathNotFound, $"There is no suite in the folder '{folder}'.", folder, $"Name its file, or call it {string.Join(", ", AppTestSuite.FileNames.SkipLast(1))} or {AppTestSuite.FileNames[^1]}.");

    private static IEnumerable<SuiteCheck> ReadSection(SuiteFields fields, string section, SuiteViewports viewports) => section switch
    {
        "run" => fields.Items(section).Select(node => CommandCheck.Read(fields.Source, node)),
        "api" => fields.Items(section).Select(node => ApiCheck.Read(fields.Source, node)),
        "stories" => fields.Items(section).Select(node => StoryCheck.Read(fields.Source, node, viewports)),
        "visual" => fields.Items(section).Select(node => PictureCheck.Read(fields.Source, node, viewports)),
        "accessibility" => fields.Items(section).Select(node => AccessibilityCheck.Read(fields.Source, node, viewports)),
        _ => Enumerable.Empty<SuiteCheck>(),
    };

    // Pictures and evidence are found by them, and a report with two of a name says nothing.
    private static void CheckNames(SuiteSource source, SuiteNode root, List<SuiteCheck> checks)
    {
        if (checks.GroupBy(check => (check.Kind, check.Name)).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw source.Fault(root.Line, $"two checks of one kind are called '{Excerpt.Of(twice.Key.Name)}'", "Give each a name of its own.");

        if (checks.OfType<PictureCheck>().GroupBy(check => Slug.Of(check.Name)).FirstOrDefault(group => group.Count() > 1) is { } same)
            throw source.Fault(root.Line, $"'{Excerpt.Of(same.First().Name)}' and '{Excerpt.Of(same.Last().Name)}' would have the same file for their pictures, '{same.Key}'", "Give them names that differ in letters or digits.");
    }

    private static Dictionary<string, JsonNode?> ReadVariables(SuiteFields fields, IReadOnlyDictionary<string, string> given)
    {
        var variables = new Dictionary<string, JsonNode?>();
        foreach (var entry in fields.Named("variables"))
        {
            CheckVariableName(fields.Source, entry);
            variables[entry.Key] = entry.Value is SuiteScalar scalar ? scalar.ToJson() : throw fields.Source.Fault(entry.Line, $"the variable '{entry.Key}' is {entry.Value.Kind}", "Write a text, a number, true or false.");
        }

        foreach (var (name, value) in given)
        {
            if (!SuiteVariables.IsName(name))
                throw new SandboxException(SandboxError.InvalidOption, $"'{name}' is no name of a variable.", name, "Begin it with a letter; digits, '_', '-' and '.' can follow.");

            variables[name] = JsonValue.Create(value);
        }

        return variables;
    }

    private static void CheckVariables(SuiteSource source, SuiteNode root, HashSet<string> known)
    {
        foreach (var capture in Entries(root).Where(entry => entry.Key == "capture").SelectMany(entry => (entry.Value as SuiteMap)?.Entries ?? []))
            known.Add(capture.Key);

        foreach (var scalar in Scalars(root))
        {
            if (SuiteVariables.NamesIn(scalar.Text).FirstOrDefault(name => !known.Contains(name)) is { } unknown)
                throw source.Fault(scalar.Line, $"the variable '{unknown}' is not known", $"{(known.Count == 0 ? "There are none." : $"There are {string.Join(", ", known.Order(StringComparer.Ordinal))}.")} Add it to 'variables', capture it, or give it with -Variable or --variable. '$${{' is '${{' itself.");
        }
    }

    private static IEnumerable<SuiteEntry> Entries(SuiteNode node) => node switch
    {
        SuiteMap map => map.Entries.SelectMany(entry => Entries(entry.Value).Prepend(entry)),
        SuiteList list => list.Items.SelectMany(Entries),
        _ => [],
    };

    private static IEnumerable<SuiteScalar> Scalars(SuiteNode node) => node switch
    {
        SuiteScalar scalar => [scalar],
        SuiteMap map => map.Entries.SelectMany(entry => Scalars(entry.Value)),
        SuiteList list => list.Items.SelectMany(Scalars),
        _ => [],
    };
}
