using FlourishaSandbox.Isolation;

namespace FlourishaSandbox.Cli.Json;

/// <summary>How an attempt on a sandbox went.</summary>
internal sealed record FindingDocument(string Sandbox, string Attempt, IsolationCategory Category, IsolationOutcome Outcome, string Detail, string? Remedy)
{
    /// <summary>The document for a finding.</summary>
    public static FindingDocument For(IsolationFinding finding) => new(finding.Sandbox.Id, finding.Attempt, finding.Category, finding.Outcome, finding.Detail, finding.Remedy);
}
