using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Browser.Suites.Checks;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Tests.Suites;

/// <summary>What a suite's file may say, and how it is told what it may not: with the line, and what would be right.</summary>
public sealed class SuiteReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, int, string, string> Faults => new()
    {
        { "nmae: x\nrun: [{ command: a }]", 1, "'nmae' is no key of a suite; did you mean 'name'", "It can have $schema, name, app," },
        { "name: x\napp:\n  prot: 1\nrun: [{ command: a }]", 3, "'prot' is no key of an app; did you mean 'port'", "It can have port, path," },
        { "name: x\napp: { zzzzzz: 1 }\nrun: [{ command: a }]", 2, "'zzzzzz' is no key of an app.", "It can have port" },
        { "name: x", 1, "there are no checks", "Add api, stories, visual, accessibility or run" },
        { "", 1, "it is empty", "Begin with 'name:'" },
        { "- a\n- b", 1, "a suite is a list, and not a group of keys", "It can have" },
        { "name: x\nrun:\n  - command: a\n  - command: a", 1, "two checks of one kind are called 'a'", "Give each a name" },
        { "name: x\nname: y\nrun: [{ command: a }]", 2, "'name' comes twice", "Remove one" },
        { "run: [{ command: a }]\napp:\n  port: 70000", 3, "'port' is '70000'", "Write a number from 1 to 65535." },
        { "run: [{ command: a }]\napp:\n  port: 8000.5", 3, "'port' is '8000.5'", "Write a whole number from 1 to 65535." },
        { "run: [{ command: a }]\napp:\n  port: web", 3, "'port' is 'web'", "Write a number" },
        { "run: [{ command: a }]\napp:\n  path: about", 3, "'about' is no path of the app", "Begin it with one '/'." },
        { "run: [{ command: a }]\napp:\n  path: //example.com/", 3, "'//example.com/' is no path of the app", "one '/'" },
        { "run: [{ command: a }]\ntimeout: 2h", 2, "'timeout' is '2h'", "Write a span up to an hour" },
        { "run:\n  - { }", 2, "a command lacks 'command'", "Add 'command:'." },
        { "run: { command: a }", 1, "'run' is a group of keys", "Write a list" },
        { "api:\n  - request: FETCH /x", 2, "'FETCH /x' is no request", "There are GET, HEAD," },
        { "api:\n  - { request: /x, json: 1,\n      form: { a: b } }", 3, "a request has two bodies", "Keep one" },
        { "api:\n  - request: /x\n    expect:\n      status: ok", 4, "'ok' is no status", "Write a number such as 200" },
        { "api:\n  - request: /x\n    expect:\n      json:\n        items[0]: 1", 5, "'items[0]' is no place in a JSON document", "Write $.items[0].name" },
        { "api:\n  - request: /x\n    expect:\n      text:\n        matches: '('", 5, "'(' is no pattern", "regular expressions" },
        { "api:\n  - request: /x\n    expect:\n      text: {}", 4, "nothing is expected", "Write one of equals" },
        { "api:\n  - request: /x\n    headers:\n      'A B': c", 4, "'A B' is no header", "Write a header" },
        { "api:\n  - request: /x\n    from: within", 3, "'from' is 'within'", "Write outside or inside." },
        { "api:\n  - request: /x/${id}", 2, "the variable 'id' is not known", "There are none. Add it to 'variables'" },
        { "variables: { a: [1] }\nrun: [{ command: a }]", 1, "the variable 'a' is a list", "Write a text" },
        { "variables: { 'a b': 1 }\nrun: [{ command: a }]", 1, "'a b' is no name of a variable", "Begin it with a letter" },
        { "run:\n  - command: a\n    capture: { x: stdout }", 3, "'stdout' is no place in a command's output", "Write output" },
        { "stories:\n  - name: s", 2, "a story has no steps", "Add 'steps:'" },
        { "stories:\n  - name: s\n    steps:\n      - { click: a, hover: b }", 4, "a step does both click and hover", "Write one of goto, click" },
        { "stories:\n  - name: s\n    steps:\n      - name: n", 4, "a step does nothing", "Write one of" },
        { "stories:\n  - name: s\n    steps:\n      - click: { css: a, text: b }", 4, "an element is meant by css and text", "Write one of" },
        { "stories:\n  - name: s\n    steps:\n      - click: { text: a, name: b }", 4, "'name' stands beside text", "A name goes with a role" },
        { "stories:\n  - name: s\n    steps:\n      - click: { role: buton }", 4, "'buton' is no role", "such as button" },
        { "stories:\n  - name: s\n    steps:\n      - click: 5", 4, "'5' names no element", "Write CSS" },
        { "stories:\n  - name: s\n    steps:\n      - expect: { visible: true }", 4, "'visible' is expected of nothing", "Say of which element" },
        { "stories:\n  - name: s\n    steps:\n      - expect: { of: a, visible: true, hidden: true }", 4, "both 'visible' and 'hidden' are expected", "Keep one" },
        { "stories:\n  - name: s\n    steps:\n      - scroll: { to: top, by: 5 }", 4, "it is to be scrolled in two ways", "Write 'to' or 'by'." },
        { "stories:\n  - name: s\n    steps:\n      - screenshot: { name: p, of: a, fullPage: true }", 4, "both an element and the full page", "Remove" },
        { "stories:\n  - name: s\n    viewports: [watch]\n    steps: [{ expect: x }]", 3, "'watch' is no viewport", "Write phone, tablet, desktop" },
        { "viewports: { wide: 5000x100 }\nrun: [{ command: a }]", 1, "'5000x100' is no viewport", "from 100x100 to 4000x4000" },
        { "visual:\n  - name: A b\n  - name: a-B", 1, "'A b' and 'a-B' would have the same file for their pictures, 'a-b'", "Give them names" },
        { "visual:\n  - name: v\n    tolerance: 101", 3, "'tolerance' is '101'", "Write a number from 0 to 100." },
        { "accessibility:\n  - name: a\n    impact: bad", 3, "'impact' is 'bad'", "Write minor or moderate or serious or critical." },
        { "console: { allow: ['['] }\nrun: [{ command: a }]", 1, "'[' is no pattern", "regular expressions" },
        { "browser: { locale: 'de DE' }\nrun: [{ command: a }]", 1, "'de DE' cannot be used as locale", "Write a language" },
        { "run:\n\t- command: a", 2, "it is no YAML", "indented by spaces" },
        { "run: [{ command: 'a }]", 1, "it is no YAML", "quoted" },
        { "run: [{ command: !!python/object:os.system a }]", 1, "it has the tag 'tag:yaml.org,2002:python/object:os.system'", "Suites have no tags." },
        { "run: [{ command: *a }]", 1, "the alias '*a' means nothing", "Write the anchor" },
        { "name: a\nrun: [{ command: a }]\n---\nname: b", 3, "a second document begins", "a file of its own" },
        { "name: a\nrun: &r [{ command: *r }]", 2, "the alias '*r' means nothing", "Write the anchor" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_told_with_its_line_and_what_would_be_right(string yaml, int line, string problem, string remedy)
    {
        var path = _folder.Write("sandbox-tests.yaml", yaml);
        var failure = Assert.Throws<SandboxException>(() => AppTestSuite.Read(path));
        Assert.Equal(SandboxError.InvalidOption, failure.Error);
        Assert.StartsWith($"The suite '{path}' cannot be used, line {line}: {problem}", failure.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, failure.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\n  \"name\": \"x\",\n  \"run\": [{ \"comand\": \"a\" }]\n}", 3, "'comand' is no key of a command; did you mean 'command'")]
    [InlineData("{\n  \"run\": [\n", 3, "it is no JSON")]
    [InlineData("{\n  \"run\": [{ \"command\": \"a\" }],\n  \"run\": []\n}", 3, "'run' comes twice")]
    [InlineData("{ \"run\": [{ \"command\": \"a\" }] } more", 1, "it is no JSON")]
    [InlineData("{\n \"name\": \"\\ud800\" }", 2, "it is no JSON")]
    [InlineData("", 1, "it is no JSON")]
    public void So_it_is_in_JSON(string json, int line, string problem)
    {
        var failure = Assert.Throws<SandboxException>(() => AppTestSuite.Read(_folder.Write("suite.json", json)));
        Assert.Contains($"cannot be used, line {line}: {problem}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_would_fill_the_memory_is_refused()
    {
        // Each line repeats the one before ten times: in the end a thousand million values.
        var bomb = "variables: {}\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));
        Assert.Contains("more than 50,000 values", Fault(bomb), StringComparison.Ordinal);
        Assert.Contains("more than 64 deep", Fault("a: " + new string('[', 1000)), StringComparison.Ordinal);
        Assert.Contains("more than 64 deep", Assert.Throws<SandboxException>(() => AppTestSuite.Read(_folder.Write("deep.json", new string('[', 100_000)))).Message, StringComparison.Ordinal);
        Assert.Contains("larger than 1 MiB", Fault(new string('#', (1 << 20) + 1)), StringComparison.Ordinal);
        Assert.Contains("there are 1001 checks, and 1000 at most", Fault("run:\n" + string.Concat(Enumerable.Range(0, 1001).Select(i => $"  - command: c{i}\n"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_suite_is_found_in_its_folder()
    {
        Assert.Equal(SandboxError.PathNotFound, Assert.Throws<SandboxException>(() => AppTestSuite.Read(_folder.Path)).Error);
        Assert.Equal(SandboxError.PathNotFound, Assert.Throws<SandboxException>(() => AppTestSuite.Read(_folder["none.yaml"])).Error);
        _folder.Write("sandbox-tests.json", "{ \"name\": \"by JSON\", \"run\": [{ \"command\": \"a\" }] }");
        Assert.Equal("by JSON", AppTestSuite.Read(_folder.Path).Name);
        var path = _folder.Write("sandbox-tests.yaml", "run: [{ command: a }]");
        var suite = AppTestSuite.Read(_folder.Path);
        Assert.Equal(("sandbox-tests", path, _folder["baselines"]), (suite.Name, suite.Path, suite.BaselineFolder));
        File.WriteAllBytes(path, [0x61, 0xFF]);
        Assert.Contains("is no UTF-8", Assert.Throws<SandboxException>(() => AppTestSuite.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_said_is_what_the_documentation_says()
    {
        var content = Read("run: [{ command: echo }]\napi: [{ request: /x }]\nstories: [{ name: s, steps: [{ click: a }] }]\nvisual: [{ name: v }]\naccessibility: [{ name: a }]").Content;
        Assert.Equal((null, "/", "/", null, TimeSpan.FromSeconds(30)), (content.App.Port, content.App.Path, content.App.Ready, content.App.Start, content.App.Timeout));
        Assert.Equal((TimeSpan.FromMinutes(1), true), (content.Timeout, content.Console.IsChecked));
        Assert.Equal((SuiteColorScheme.Light, "en-US", "UTC"), (content.Browser.ColorScheme, content.Browser.Locale, content.Browser.TimeZone));
        Assert.Equal(["echo", "GET /x", "s", "v", "a"], content.Checks.Select(check => check.Name));
        Assert.Equal([AppTestOrigin.Outside], content.Checks.OfType<ApiCheck>().Single().Origins);
        Assert.All(content.Checks.OfType<PageCheck>(), check => Assert.Equal(["desktop 1280x800"], check.Viewports.Select(one => $"{one.Name} {one.Width}x{one.Height}")));
        Assert.Equal(TimeSpan.FromSeconds(10), content.Checks.OfType<StoryCheck>().Single().Steps[0].Timeout);
        Assert.Equal((0.1, 0.1), (content.Checks.OfType<PictureCheck>().Single().Tolerance, content.Checks.OfType<PictureCheck>().Single().Threshold));
        Assert.Equal(AccessibilityImpact.Moderate, content.Checks.OfType<AccessibilityCheck>().Single().Impact);
    }

    [Fact]
    public void Given_variables_come_before_the_suites_own_and_texts_stay_texts()
    {
        var path = _folder.Write("sandbox-tests.yaml", "variables: { a: 1, b: yes, c: 007, d: 1.50, e: true, f: ~ }\nrun: [{ command: '${a} ${b} ${c} ${d} ${e} ${f} ${given} $${a} ${' }]");
        var variables = new SuiteVariables(AppTestSuite.Read(path, new Dictionary<string, string> { ["a"] = "2", ["given"] = "3" }).Content.Variables);
        Assert.Equal("2 yes 007 1.5 true  3 ${a} ${", variables.Expand("${a} ${b} ${c} ${d} ${e} ${f} ${given} $${a} ${"));
        Assert.Equal(SandboxError.InvalidOption, Assert.Throws<SandboxException>(() => AppTestSuite.Read(path, new Dictionary<string, string> { ["a b"] = "2" })).Error);
    }

    [Fact]
    public void Anchors_and_block_texts_of_YAML_are_understood()
    {
        var suite = Read("run:\n  - &first\n    name: one\n    command: |\n      echo a\n      echo b\n    tags: &t [x, y]\n  - { name: two, command: echo, tags: *t }");
        var checks = suite.Content.Checks.Cast<CommandCheck>().ToList();
        Assert.Equal("echo a\necho b\n", checks[0].Command);
        Assert.Equal(checks[0].Tags, checks[1].Tags);
    }

    private string Fault(string yaml) => Assert.Throws<SandboxException>(() => Read(yaml)).Message;

    private AppTestSuite Read(string yaml) => AppTestSuite.Read(_folder.Write("sandbox-tests.yaml", yaml));
}
