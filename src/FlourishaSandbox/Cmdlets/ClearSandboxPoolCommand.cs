using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Pools;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Removes pools with all sandboxes that wait in them. Those that were claimed stay.</summary>
[Cmdlet(VerbsCommon.Clear, "SandboxPool", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SandboxPool))]
public sealed class ClearSandboxPoolCommand : SandboxCmdlet
{
    /// <summary>Names of pools, with the wildcards * ? and [ ].</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Names of pools, with wildcards.")]
    [ArgumentCompleter(typeof(PoolNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    /// <summary>Those of all owners, not only one's own.</summary>
    [Parameter(HelpMessage = "Those of all owners.")]
    public SwitchParameter All { get; set; }

    /// <summary>Gives the pools as they were.</summary>
    [Parameter(HelpMessage = "Gives the pools as they were.")]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!TryAwait(token => Manager.Pools.ListAsync(All, token), out var pools))
            return;

        foreach (var name in Name)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
            var matches = pools.Where(pool => pattern.IsMatch(pool.Name) || pool.Name == name).ToList();
            if (matches.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
                WriteError(PoolNames.NotFound(name, pools).ToErrorRecord());

            foreach (var pool in matches)
                Clear(pool);
        }
    }

    private void Clear(SandboxPool pool)
    {
        if (ShouldProcess($"{pool.Name} ({pool.Owner})", $"Remove the pool and the {pool.Members.Count} sandboxes that wait in it") && TryAwait(token => Manager.Pools.ClearAsync(pool, Observer, token), out _) && PassThru)
            WriteObject(pool);
    }
}
