using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Pools;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Finds pools, and says how many sandboxes wait in each.</summary>
[Cmdlet(VerbsCommon.Get, "SandboxPool")]
[OutputType(typeof(SandboxPool))]
public sealed class GetSandboxPoolCommand : SandboxCmdlet
{
    /// <summary>Names of pools, with the wildcards * ? and [ ]: the template's or the image's, and what is unusual behind a '+'. All where none is given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, HelpMessage = "Names of pools, with wildcards.")]
    [ArgumentCompleter(typeof(PoolNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Those of all owners, not only one's own.</summary>
    [Parameter(HelpMessage = "Those of all owners.")]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        WriteVerbose($"Listing the pools on {Manager.Engine}.");
        if (!TryAwait(token => Manager.Pools.ListAsync(All, token), out var pools))
            return;

        foreach (var name in Name)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
            var matches = pools.Where(pool => pattern.IsMatch(pool.Name) || pool.Name == name).ToList();
            if (matches.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
                WriteError(PoolNames.NotFound(name, pools).ToErrorRecord());

            WriteObject(matches, enumerateCollection: true);
        }
    }
}
