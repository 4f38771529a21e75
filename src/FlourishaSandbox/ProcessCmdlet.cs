using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox;

/// <summary>A cmdlet on processes in sandboxes: objects, which know where they run, or numbers and tags with the sandboxes beside them.</summary>
public abstract class ProcessCmdlet : FanOutCmdlet
{
    /// <summary>Processes as Get-SandboxProcess gives them; or, with -Sandbox, their numbers or tags.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Processes, or their numbers or tags.")]
    [Alias("Id", "ProcessId")]
    [ArgumentCompleter(typeof(ProcessCompleter))]
    [ValidateNotNullOrEmpty]
    public ProcessReference[] Process { get; set; } = [];

    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids; not needed for process objects.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [Alias("Name")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var process in Process)
        {
            foreach (var sandbox in Resolve(process, Sandbox))
                Treat(sandbox, process);
        }
    }

    /// <summary>Begins what is to be done to a process.</summary>
    private protected abstract void Treat(Sandbox sandbox, ProcessReference process);

    /// <summary>How a question names a process.</summary>
    private protected static string Describe(Sandbox sandbox, ProcessReference process) => $"process {process.Process?.ToString() ?? process.Text} in sandbox {sandbox.Name}";
}
