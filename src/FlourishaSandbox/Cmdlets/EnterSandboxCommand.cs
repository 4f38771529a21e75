using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;
using FlourishaSandbox.Terminals;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Opens a shell in a sandbox on this terminal. Every key goes inside, also Ctrl+C; <c>exit</c> or Ctrl+D leads out again.</summary>
[Cmdlet(VerbsCommon.Enter, "Sandbox")]
[OutputType(typeof(void))]
public sealed class EnterSandboxCommand : SandboxCmdlet
{
    /// <summary>The sandbox, its name or id.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The sandbox, its name or id.")]
    [Alias("Name", "Id")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    public SandboxReference? Sandbox { get; set; }

    /// <summary>A line for the sandbox's /bin/sh instead of a shell: bash where there is one, else sh.</summary>
    [Parameter(HelpMessage = "A command line instead of a shell.")]
    [ValidateNotNullOrEmpty]
    public string? Command { get; set; }

    /// <summary>The folder to start in.</summary>
    [Parameter(HelpMessage = "The folder to start in.")]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => TryAwait(
        async token =>
        {
            var sandbox = await Manager.GetAsync(Sandbox!, token).ConfigureAwait(false);
            return await InteractiveShell.RunAsync(Manager, sandbox, Command, WorkingDirectory, Observer, token).ConfigureAwait(false);
        },
        out _);
}
