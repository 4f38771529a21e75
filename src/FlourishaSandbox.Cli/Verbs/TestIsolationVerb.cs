using System.CommandLine;
using System.IO.Enumeration;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Isolation;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Makes attempts on a sandbox.</summary>
internal sealed class TestIsolationVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Option<string[]?> _attempts = new("--attempt")
    {
        Description = "Which attempts are made, with * and ?; may be repeated. Default: all.",
        HelpName = "NAME",
        Arity = ArgumentArity.OneOrMore,
        CompletionSources = { _ => SandboxIsolation.Attempts.Select(name => new System.CommandLine.Completions.CompletionItem(name)) },
    };

    /// <summary>Creates the verb.</summary>
    public TestIsolationVerb()
        : base(
            "test-isolation",
            "Makes attempts to get out of a sandbox, and to take more than it was given, from inside. Exit code 1 where it did not hold against one. For a second or two it takes all that the sandbox may have.",
            "docker-sandbox test-isolation $ID",
            "docker-sandbox test-isolation $ID --attempt 'host-*' --attempt metadata",
            "docker-sandbox test-isolation $ID --json | jq '.[] | select(.outcome == \"notHeld\")'")
    {
        Add(_sandbox);
        Add(_attempts);
        Validators.Add(result =>
        {
            foreach (var pattern in (result.GetValue(_attempts) ?? []).Where(pattern => !SandboxIsolation.Attempts.Any(name => Matches(pattern, name))))
                result.AddError($"Attempt '{pattern}' is none that is made. There are {string.Join(", ", SandboxIsolation.Attempts)}.");
        });
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var patterns = session.Parse.GetValue(_attempts) ?? ["*"];
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        var findings = new List<IsolationFinding>();
        await foreach (var finding in session.Manager.Isolation.TestAsync(sandbox, name => patterns.Any(pattern => Matches(pattern, name)), session.Observer, cancellationToken))
            findings.Add(finding);

        var open = findings.Where(finding => finding.Outcome == IsolationOutcome.NotHeld).ToList();
        if (session.Json)
        {
            session.WriteDocument([.. findings.Select(FindingDocument.For)], CliJson.Default.IReadOnlyListFindingDocument);
        }
        else
        {
            session.WriteTable(ToTable(findings), "No attempt was made.");
            session.Note($"{open.Count} of {findings.Count} attempts got through.");
            foreach (var remedy in open.GroupBy(finding => finding.Remedy))
                session.Note($"{string.Join(", ", remedy.Select(finding => finding.Attempt))}: {remedy.Key}");
        }

        return open.Count == 0 ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static Table ToTable(List<IsolationFinding> findings)
    {
        var table = new Table("ATTEMPT", "OUTCOME", "CATEGORY", "DETAIL");
        foreach (var finding in findings)
            table.Add(finding.Attempt, Word(finding.Outcome), finding.Category.ToString().ToLowerInvariant(), Printable.Line(finding.Detail));

        return table;
    }

    private static string Word(IsolationOutcome outcome) => outcome switch
    {
        IsolationOutcome.Held => "held",
        IsolationOutcome.NotHeld => "NOT HELD",
        _ => "not tried",
    };

    private static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name);
}
