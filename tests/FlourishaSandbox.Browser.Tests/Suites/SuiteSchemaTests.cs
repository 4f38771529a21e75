using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Browser.Suites.Reading;
using FlourishaSandbox.Browser.Suites.Steps;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Tests.Suites;

/// <summary>The published schema and what is really read: an editor that goes by the one must not be told off by the other.</summary>
public sealed class SuiteSchemaTests : IDisposable
{
    private static readonly JsonObject s_schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "module", "flourisha-suite.schema.json")), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false })!.AsObject();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_group_has_the_same_keys_in_both()
    {
        var groups = s_schema["$defs"]!.AsObject().Where(pair => pair.Value!["properties"] is not null).Select(pair => pair.Key).Append("").Order(StringComparer.Ordinal);
        Assert.Equal(groups, SuiteShapes.All.Select(shape => shape.Name).Order(StringComparer.Ordinal));
        Assert.All(SuiteShapes.All, shape =>
        {
            var group = shape.Name.Length == 0 ? s_schema : s_schema["$defs"]![shape.Name]!.AsObject();
            Assert.Equal(shape.Keys, group["properties"]!.AsObject().Select(pair => pair.Key));
            Assert.False(group["additionalProperties"]!.GetValue<bool>());
        });
    }

    [Fact]
    public void Each_word_is_the_same_in_both()
    {
        Assert.Equal(Words<AppTestOrigin>(), Enum(s_schema["$defs"]!["origin"]));
        Assert.Equal(Words<SuiteColorScheme>(), Enum(s_schema["$defs"]!["colorScheme"]));
        Assert.Equal(Words<AccessibilityImpact>(), Enum(s_schema["$defs"]!["accessibilityCheck"]!["properties"]!["impact"]));
        Assert.Equal(Words<ScrollEdge>(), Enum(s_schema["$defs"]!["scroll"]!["properties"]!["to"]));
    }

    public static TheoryData<string> Faults => [.. SuiteReaderTests.Faults.Select(row => row.Data.Item1).Where(yaml => IsForSchemas(yaml))];

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_is_refused_is_invalid(string yaml) => Assert.False(new MiniSchema(s_schema).IsValid(ToJson(yaml)));

    public static TheoryData<string> Suites =>
    [
        .. Directory.GetFiles(GuestBook.Folder, "*.yaml").Concat(Directory.GetFiles(Path.Combine(Repository.Root, "docs", "examples"), "sandbox-tests.yaml", SearchOption.AllDirectories)).Select(File.ReadAllText),
        "run: [{ command: a, timeout: 1.5 }, { command: b, timeout: 500ms }]\nconsole: false\nviewports: tablet",
        "api: [{ request: /x, json: [1, { a: ~ }], expect: { status: 404, json: { $: { length: 2 }, /0: { not: 2 } } } }, { request: HEAD /x, expect: { headers: { A: { exists: false } } } }]\nviewports: { small: 320x568 }",
        "stories: [{ name: s, viewports: small, steps: [{ scroll: { css: a } }, { scroll: { by: -5 } }, { type: { into: a, text: '' } }, { press: 5 }, { expect: { of: a } }, { expect: { of: a, count: { above: 1 } } }, { click: { role: '${r}', nth: 2 } }] }]\nvariables: { r: button }\nviewports: { small: 320x568 }",
    ];

    [Theory]
    [MemberData(nameof(Suites))]
    public void What_is_read_is_valid(string yaml)
    {
        AppTestSuite.Read(_folder.Write("sandbox-tests.yaml", yaml));
        Assert.True(new MiniSchema(s_schema).IsValid(ToJson(yaml)));
    }

    [Fact]
    public void What_is_read_as_YAML_is_read_as_JSON()
    {
        foreach (var yaml in Suites.Select(row => row.Data))
        {
            var first = AppTestSuite.Read(_folder.Write("sandbox-tests.yaml", yaml));
            var second = AppTestSuite.Read(_folder.Write("suite.json", ToJson(yaml)!.ToJsonString()));
            Assert.Equal(first.CheckNames, second.CheckNames);
        }
    }

    [Fact]
    public void What_the_guide_shows_is_read_and_is_valid()
    {
        var blocks = Regex.Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "testing.md")), "```yaml\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value).Where(text => !text.Contains("docker-sandbox", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, blocks.Count);
        Assert.All(blocks, yaml =>
        {
            AppTestSuite.Read(_folder.Write("sandbox-tests.yaml", yaml), new Dictionary<string, string> { ["title"] = "x" });
            Assert.True(new MiniSchema(s_schema).IsValid(ToJson(yaml)), yaml);
        });
    }

    // Not what no schema can say: names that come twice, variables that nobody knows, patterns, and what two keys mean together.
    private static bool IsForSchemas(string yaml)
    {
        string[] beyond = ["&", "!!", "*", "'(", "${id}", "['[']", "name: A b", "command: a\n  - command: a", "fullPage", "hidden", "json: 1", "A B", "buton", "watch", "5000x100", "2h", "items[0]", "expect: { visible", "---"];
        return yaml.Length > 0 && yaml != "name: x" && !beyond.Any(part => yaml.Contains(part, StringComparison.Ordinal)) && TryToJson(yaml) is not null;
    }

    private static JsonNode? TryToJson(string yaml)
    {
        try
        {
            return ToJson(yaml);
        }
        catch (SandboxException)
        {
            return null; // no YAML at all
        }
    }

    private static JsonNode? ToJson(string yaml) => Plain(new YamlSuiteReader(new SuiteSource("suite")).Read(yaml));

    private static JsonNode? Plain(SuiteNode node) => node switch
    {
        SuiteScalar scalar => scalar.ToJson(),
        SuiteList list => new JsonArray([.. list.Items.Select(Plain)]),
        SuiteMap map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key, Plain(entry.Value)))),
        _ => throw new ArgumentOutOfRangeException(nameof(node)),
    };

    private static IEnumerable<string> Enum(JsonNode? schema) => schema!["enum"]!.AsArray().Select(word => word!.GetValue<string>());

    private static IEnumerable<string> Words<T>()
        where T : struct, Enum => System.Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName);
}
