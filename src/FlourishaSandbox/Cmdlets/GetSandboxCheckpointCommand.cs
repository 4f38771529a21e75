using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Finds checkpoints: files of sandboxes that were kept under a name.</summary>
[Cmdlet(VerbsCommon.Get, "SandboxCheckpoint")]
[OutputType(typeof(SandboxCheckpoint))]
public sealed class GetSandboxCheckpointCommand : SandboxCmdlet
{
    /// <summary>Names, with wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, HelpMessage = "Names, with wildcards.")]
    [ArgumentCompleter(typeof(CheckpointNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Those of all owners, not only one's own.</summary>
    [Parameter(HelpMessage = "Those of all owners.")]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            if (!WildcardPattern.ContainsWildcardCharacters(name))
            {
                if (TryAwait(token => Manager.Checkpoints.GetAsync(name, token), out var one))
                    WriteObject(one);

                continue;
            }

            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
            if (TryAwait(token => Manager.Checkpoints.ListAsync(All, token), out var found))
                WriteObject(found.Where(checkpoint => pattern.IsMatch(checkpoint.Name)), enumerateCollection: true);
        }
    }
}
