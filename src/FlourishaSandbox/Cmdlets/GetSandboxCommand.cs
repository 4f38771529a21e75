using System.Collections;
using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Finds sandboxes.</summary>
[Cmdlet(VerbsCommon.Get, "Sandbox", DefaultParameterSetName = NameSet)]
[OutputType(typeof(Sandbox))]
public sealed class GetSandboxCommand : SandboxCmdlet
{
    private const string NameSet = "Name";
    private const string IdSet = "Id";

    /// <summary>Names; with the wildcards * ? and [ ]. All where none is given.</summary>
    [Parameter(Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Names, with wildcards.")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Ids, or their beginnings of at least 4 digits.</summary>
    [Parameter(Mandatory = true, ParameterSetName = IdSet, HelpMessage = "Ids, or their beginnings.")]
    [ArgumentCompleter(typeof(SandboxIdCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Id { get; set; } = [];

    /// <summary>Only those that are in this state.</summary>
    [Parameter(HelpMessage = "Only those in this state.")]
    public SandboxState State { get; set; }

    /// <summary>Only those that bear these notes.</summary>
    [Parameter(HelpMessage = "Only those that bear these notes.")]
    public IDictionary? Metadata { get; set; }

    /// <summary>Only those that are past their deadline, ended or half made.</summary>
    [Parameter(HelpMessage = "Only those that Clear-StaleSandbox would remove.")]
    public SwitchParameter Stale { get; set; }

    /// <summary>Those of all owners, not only one's own.</summary>
    [Parameter(HelpMessage = "Those of all owners.")]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in ParameterSetName == IdSet ? Id : Name)
        {
            // A literal name or id says itself whose it is; a pattern means one's own.
            var isPattern = ParameterSetName == NameSet && WildcardPattern.ContainsWildcardCharacters(name);
            if (isPattern)
                WriteMatches(WildcardPattern.Get(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant));
            else
                WriteOne(new SandboxReference(name));
        }
    }

    private void WriteMatches(WildcardPattern pattern)
    {
        var filter = ReadFilter() with { Name = pattern.IsMatch, Owner = All ? null : SandboxSession.Owner };
        WriteVerbose($"Listing the sandboxes on {Manager.Engine}.");
        if (TryAwait(token => Manager.ListAsync(filter, token), out var sandboxes))
            WriteObject(sandboxes, enumerateCollection: true);
    }

    private void WriteOne(SandboxReference reference)
    {
        WriteVerbose($"Looking for sandbox '{reference}' on {Manager.Engine}.");
        if (TryAwait(token => Manager.LookAtAsync(reference, token), out var sandbox) && ReadFilter().Matches(sandbox, DateTimeOffset.UtcNow))
            WriteObject(sandbox);
    }

    private SandboxFilter ReadFilter() => new()
    {
        State = MyInvocation.BoundParameters.ContainsKey(nameof(State)) ? State : null,
        Metadata = Metadata?.ToText(),
        Stale = Stale,
    };
}
