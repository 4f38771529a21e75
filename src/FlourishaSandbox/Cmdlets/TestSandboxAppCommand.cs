using System.Collections;
using System.Diagnostics;
using System.Management.Automation;
using FlourishaSandbox.Browser;
using FlourishaSandbox.Browser.Reports;
using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Browser.Suites.Running;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Runs the suite that is kept beside an app against the app in sandboxes, and gives a result for each check as soon as it is there.</summary>
[Cmdlet(VerbsDiagnostic.Test, "SandboxApp", SupportsShouldProcess = true)]
[OutputType(typeof(AppTestResult))]
public sealed class TestSandboxAppCommand : FanOutCmdlet
{
    private readonly AppTestReport _report = new(DateTimeOffset.Now);
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private AppTestSuite? _suite;
    private string _evidence = "";
    private string[] _reports = [];

    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [Alias("Name", "Id")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>The suite: a YAML or JSON file, or a folder with a file sandbox-tests.yaml in it. Default: the current folder.</summary>
    [Parameter(Position = 1, HelpMessage = "The suite: a YAML or JSON file, or a folder with a file sandbox-tests.yaml in it.")]
    [ValidateNotNullOrEmpty]
    public string Suite { get; set; } = ".";

    /// <summary>Which checks are made, by their names, with wildcards. Default: all.</summary>
    [Parameter(HelpMessage = "Which checks are made, by their names, with wildcards.")]
    [ArgumentCompleter(typeof(SuiteWordCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Check { get; set; } = [];

    /// <summary>Only checks that have one of these tags.</summary>
    [Parameter(HelpMessage = "Only checks that have one of these tags.")]
    [ArgumentCompleter(typeof(SuiteWordCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Tag { get; set; } = [];

    /// <summary>Values of the suite's variables, in place of those that it gives itself.</summary>
    [Parameter(HelpMessage = "Values of the suite's variables, in place of those that it gives itself.")]
    public IDictionary? Variable { get; set; }

    /// <summary>Reports to write: files that end in .html, .xml (JUnit) or .json, or folders, which get all three.</summary>
    [Parameter(HelpMessage = "Reports to write: files that end in .html, .xml (JUnit) or .json, or folders, which get all three.")]
    [ValidateNotNullOrEmpty]
    public string[] Report { get; set; } = [];

    /// <summary>The folder for screenshots, and for what is kept of steps that failed. Default: test-results and the time, in the current folder.</summary>
    [Parameter(HelpMessage = "The folder for screenshots, and for what is kept of steps that failed.")]
    [ValidateNotNullOrEmpty]
    public string? Evidence { get; set; }

    /// <summary>Has what pages look like now take the place of the pictures that visual checks compare with.</summary>
    [Parameter(HelpMessage = "Has what pages look like now take the place of the pictures that visual checks compare with.")]
    public SwitchParameter UpdateBaseline { get; set; }

    /// <summary>Where the browser runs: in a sandbox of its own, or on this machine.</summary>
    [Parameter(HelpMessage = "Where the browser runs: in a sandbox of its own, or on this machine.")]
    public BrowserKind Browser { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        try
        {
            _suite = AppTestSuite.Read(GetUnresolvedProviderPathFromPSPath(Suite), Variable.ToText());
            _reports = [.. Report.Select(GetUnresolvedProviderPathFromPSPath)];
            AppTestReport.Check(_reports);
            _evidence = Evidence is null ? AppTestOptions.NewEvidenceFolder(GetUnresolvedProviderPathFromPSPath("test-results")) : GetUnresolvedProviderPathFromPSPath(Evidence);
        }
        catch (SandboxException e)
        {
            ThrowTerminatingError(e.ToErrorRecord());
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var sandbox in Resolve(Sandbox))
        {
            if (!UpdateBaseline || ShouldProcess(_suite!.BaselineFolder, $"Replace the pictures of {_suite} by what sandbox {sandbox} shows"))
                FanOut(cancellationToken => TestAsync(sandbox, cancellationToken));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        base.EndProcessing();
        _report.Duration = _watch.Elapsed;
        WriteVerbose(_report.ToString());
        if (_report.Results.Count > 0 && TryAwait(token => _report.WriteAsync(_reports, token), out var files))
        {
            foreach (var file in files)
                WriteVerbose($"Wrote '{file}'.");
        }
    }

    private async Task<Action> TestAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        var wanted = Check.Select(pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant)).ToList();
        var options = new AppTestOptions
        {
            Check = wanted.Count == 0 ? null : name => wanted.Exists(pattern => pattern.IsMatch(name)),
            Tags = Tag,
            EvidenceFolder = Path.Combine(_evidence, sandbox.Name),
            UpdateBaseline = UpdateBaseline,
            Browser = Browser,
        };
        await foreach (var result in new AppTester(Manager).RunAsync(sandbox, _suite!, options, Observer, cancellationToken).ConfigureAwait(false))
        {
            Post(() =>
            {
                _report.Add(result);
                WriteObject(result);
            });
        }

        return () => { };
    }
}
