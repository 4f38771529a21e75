using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Lists the processes that were started in sandboxes from outside, or tells how given ones are doing now.</summary>
[Cmdlet(VerbsCommon.Get, "SandboxProcess", DefaultParameterSetName = SandboxSet)]
[OutputType(typeof(SandboxProcess))]
public sealed class GetSandboxProcessCommand : FanOutCmdlet
{
    private const string SandboxSet = "Sandbox";

    // Processes that are known come by the pipeline, and are asked for anew.
    private const string ProcessSet = "Process";

    // Not by property name: a process has a property Sandbox, and is itself what is meant.

    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = SandboxSet, ValueFromPipeline = true, HelpMessage = "Sandboxes, names or ids.")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>Processes of some earlier call.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ProcessSet, ValueFromPipeline = true, HelpMessage = "Processes of some earlier call.")]
    [ValidateNotNullOrEmpty]
    public SandboxProcess[] Process { get; set; } = [];

    /// <summary>Numbers of processes, running or not.</summary>
    [Parameter(ParameterSetName = SandboxSet, HelpMessage = "Numbers of processes.")]
    [ArgumentCompleter(typeof(ProcessIdCompleter))]
    [ValidateNotNullOrEmpty]
    public int[] Id { get; set; } = [];

    /// <summary>Tags, with wildcards; without any, of the latest process of that tag, running or not.</summary>
    [Parameter(ParameterSetName = SandboxSet, HelpMessage = "Tags, with wildcards.")]
    [ArgumentCompleter(typeof(ProcessTagCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Tag { get; set; } = [];

    /// <summary>Those that have ended too, as long as their output is kept.</summary>
    [Parameter(ParameterSetName = SandboxSet, HelpMessage = "Those that have ended too.")]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var process in Process)
            Find(process.Sandbox, new ProcessReference(process));

        foreach (var sandbox in Resolve(Sandbox))
        {
            foreach (var id in Id)
                Find(sandbox, new ProcessReference(id));

            foreach (var tag in Tag)
            {
                if (WildcardPattern.ContainsWildcardCharacters(tag))
                    List(sandbox, WildcardPattern.Get(tag, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant));
                else
                    Find(sandbox, new ProcessReference(tag));
            }

            if (Id.Length + Tag.Length == 0)
                List(sandbox, pattern: null);
        }
    }

    private void List(Sandbox sandbox, WildcardPattern? pattern) => FanOut(async cancellationToken =>
    {
        var processes = await Manager.Processes.ListAsync(sandbox, All, cancellationToken).ConfigureAwait(false);
        return () => WriteObject(processes.Where(process => pattern is null || (process.Tag is not null && pattern.IsMatch(process.Tag))), enumerateCollection: true);
    });

    private void Find(Sandbox sandbox, ProcessReference reference) => FanOut(async cancellationToken =>
    {
        var process = await Manager.Processes.GetAsync(sandbox, reference, cancellationToken).ConfigureAwait(false);
        return () => WriteObject(process);
    });
}
