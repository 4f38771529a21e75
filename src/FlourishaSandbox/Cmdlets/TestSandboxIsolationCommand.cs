using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Isolation;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>
/// Makes attempts to get out of sandboxes, and to take more than they were given, from inside, and says of each whether the sandbox held. For
/// a second or two it takes all that a sandbox may have: not for one that is at work.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "SandboxIsolation")]
[OutputType(typeof(IsolationFinding))]
public sealed class TestSandboxIsolationCommand : FanOutCmdlet
{
    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [Alias("Name", "Id")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>Which attempts are made, by their names, with wildcards. Default: all.</summary>
    [Parameter(Position = 1, HelpMessage = "Which attempts are made, with wildcards.")]
    [ArgumentCompleter(typeof(IsolationAttemptCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Attempt { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        foreach (var name in Attempt.Where(name => !SandboxIsolation.Attempts.Any(Matcher(name))))
            ThrowTerminatingError(new SandboxException(SandboxError.InvalidOption, $"Attempt '{name}' is none that is made.", name, $"There are {string.Join(", ", SandboxIsolation.Attempts)}.").ToErrorRecord());
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var sandbox in Resolve(Sandbox))
            FanOut(cancellationToken => TestAsync(sandbox, cancellationToken));
    }

    private async Task<Action> TestAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        var wanted = Attempt.Select(Matcher).ToList();
        await foreach (var finding in Manager.Isolation.TestAsync(sandbox, name => wanted.Exists(matches => matches(name)), Observer, cancellationToken).ConfigureAwait(false))
            Post(() => WriteObject(finding));

        return () => { };
    }

    private static Func<string, bool> Matcher(string pattern) => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant).IsMatch;
}
