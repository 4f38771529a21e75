using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.IO.Enumeration;
using FlourishaSandbox.Browser.Reports;
using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Browser.Suites.Running;
using FlourishaSandbox.Cli;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Verbs;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>Runs a suite against the app in a sandbox.</summary>
internal sealed class TestVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string?> _suite = new("SUITE") { HelpName = "SUITE", Description = "The suite: a YAML or JSON file, or a folder with a file sandbox-tests.yaml in it. Default: the current folder.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string[]?> _checks = new("--check") { Description = "Only checks of this name, with * and ?; may be repeated.", HelpName = "NAME", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string[]?> _tags = new("--tag") { Description = "Only checks with this tag; may be repeated.", HelpName = "TAG", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string[]?> _reports = new("--report") { Description = "A report to write: a file that ends in .html, .xml (JUnit) or .json, or a folder, which gets all three; may be repeated.", HelpName = "PATH", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _evidence = new("--evidence") { Description = "The folder for screenshots, and for what is kept of steps that failed. Default: test-results and the time.", HelpName = "FOLDER" };
    private readonly Option<bool> _update = CommonOptions.Flag("--update-baseline", "Have what pages look like now take the place of the pictures that visual checks compare with.");
    private readonly Option<BrowserKind?> _browser = CommonOptions.Choice<BrowserKind>("--browser", "Where the browser runs: in a sandbox of its own, which is the default, or on this machine.");
    private readonly Option<Dictionary<string, string>?> _variables = new("--variable")
    {
        Description = "A variable of the suite; may be repeated. KEY alone takes the value of the environment's variable of that name.",
        HelpName = "KEY=VALUE",
        CustomParser = KeyValues.ParseVariables,
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Creates the verb.</summary>
    public TestVerb()
        : base(
            "test",
            "Runs the suite that is kept beside an app against the app in a sandbox. Exit code 0 where all passed, 1 where something failed.",
            "docker-sandbox test $ID",
            "docker-sandbox test $ID app/sandbox-tests.yaml --report test-report",
            "docker-sandbox test $ID --tag smoke --check 'Adds*' --variable PASSWORD",
            "docker-sandbox test $ID --update-baseline",
            "docker-sandbox test $ID --json | jq '.results[] | select(.status == \"failed\")'")
    {
        Add(_sandbox);
        Add(_suite);
        foreach (Option option in (Option[])[_checks, _tags, _variables, _reports, _evidence, _update, _browser])
            Add(option);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var parse = session.Parse;
        var suite = AppTestSuite.Read(parse.GetValue(_suite) ?? ".", parse.GetValue(_variables));
        var paths = parse.GetValue(_reports) ?? [];
        AppTestReport.Check(paths);

        var report = new AppTestReport(DateTimeOffset.Now);
        var watch = Stopwatch.StartNew();
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        await foreach (var result in new AppTester(session.Manager).RunAsync(sandbox, suite, ReadOptions(parse, sandbox), session.Observer, cancellationToken))
        {
            report.Add(result);
            if (!session.Json)
                session.WriteLines(Lines(result));
        }

        report.Duration = watch.Elapsed;
        foreach (var file in await report.WriteAsync(paths, cancellationToken))
            session.Note($"Wrote '{file}'.");

        if (session.Json)
            session.WriteLine(report.ToJson());
        else
            session.Note(string.Create(CultureInfo.InvariantCulture, $"{report} in {report.Duration.TotalSeconds:0.0} s."));

        return report.Count(AppTestStatus.Failed) == 0 ? ExitCodes.Success : ExitCodes.Failure;
    }

    private AppTestOptions ReadOptions(ParseResult parse, Sandbox sandbox)
    {
        var checks = parse.GetValue(_checks) ?? [];
        return new AppTestOptions
        {
            Check = checks.Length == 0 ? null : name => checks.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name)),
            Tags = parse.GetValue(_tags) ?? [],
            EvidenceFolder = Path.Combine(parse.GetValue(_evidence) ?? AppTestOptions.NewEvidenceFolder("test-results"), sandbox.Name),
            UpdateBaseline = parse.GetValue(_update),
            Browser = parse.GetValue(_browser) ?? BrowserKind.Sandbox,
        };
    }

    // What failed says why, and where to look.
    private static IEnumerable<string> Lines(AppTestResult result)
    {
        var mark = result.Status switch { AppTestStatus.Passed => "✓", AppTestStatus.Failed => "✕", _ => "–" };
        var time = result.Status == AppTestStatus.Skipped ? "" : string.Create(CultureInfo.InvariantCulture, $"  {result.Duration.TotalSeconds:0.0} s");
        yield return Printable.Line($"{mark} {result.Kind.ToString().ToLowerInvariant(),-13} {result.Name}{(result.Where is null ? "" : $" ({result.Where})")}{time}");
        if (result.Message is not null && result.Status != AppTestStatus.Skipped)
            yield return Printable.Line($"  {result.Message}");

        if (result.Status == AppTestStatus.Failed && result.Pictures.Select(picture => picture.Path).Concat(result.Evidence).FirstOrDefault() is { } file)
            yield return Printable.Line($"  See {Path.GetDirectoryName(file)}");
    }
}
