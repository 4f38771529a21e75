using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Writes to the standard input of processes that were started with -KeepInputOpen, each object as soon as it comes.</summary>
[Cmdlet(VerbsCommunications.Send, "SandboxProcessInput", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(void))]
public sealed class SendSandboxProcessInputCommand : SandboxCmdlet
{
    private const int PieceSize = 64 << 10;

    private readonly List<(Sandbox Sandbox, ProcessReference Process)> _targets = [];

    /// <summary>Processes as Get-SandboxProcess gives them; or, with -Sandbox, their numbers or tags.</summary>
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "Processes, or their numbers or tags.")]
    [Alias("Id")]
    [ArgumentCompleter(typeof(ProcessCompleter))]
    [ValidateNotNullOrEmpty]
    public ProcessReference[] Process { get; set; } = [];

    /// <summary>What to write: text line by line, or a byte array, a file or a stream as it is.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, HelpMessage = "What to write.")]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? InputObject { get; set; }

    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids; not needed for process objects.</summary>
    [Parameter(HelpMessage = "Sandboxes, names or ids.")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>Writes text without ending the line.</summary>
    [Parameter(HelpMessage = "Writes text without ending the line.")]
    public SwitchParameter NoNewline { get; set; }

    /// <summary>Closes the input afterwards, so that the process reads an end.</summary>
    [Parameter(HelpMessage = "Closes the input afterwards.")]
    public SwitchParameter Close { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        foreach (var process in Process)
        {
            foreach (var sandbox in Resolve(process, Sandbox))
            {
                if (ShouldProcess($"process {process.Process?.ToString() ?? process.Text} in sandbox {sandbox.Name}", Close ? "Write to its input and close it" : "Write to its input"))
                    _targets.Add((sandbox, process));
            }
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is not null)
            ForEachTarget((sandbox, process, token) => SendAsync(sandbox, process, InputObject, token));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Close)
            ForEachTarget(Manager.Processes.CloseInputAsync);
    }

    // One that failed would only fail again; it has cost its one error.
    private void ForEachTarget(Func<Sandbox, ProcessReference, CancellationToken, Task> action) => _targets.RemoveAll(target => !TryAwait(
        async token =>
        {
            await action(target.Sandbox, target.Process, token).ConfigureAwait(false);
            return true;
        },
        out _));

    private async Task SendAsync(Sandbox sandbox, ProcessReference process, object input, CancellationToken cancellationToken)
    {
        using var stream = CommandInput.Open([input], endLines: !NoNewline);
        var piece = new byte[PieceSize];
        while (await stream.ReadAsync(piece, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            await Manager.Processes.SendInputAsync(sandbox, process, piece.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
    }
}
