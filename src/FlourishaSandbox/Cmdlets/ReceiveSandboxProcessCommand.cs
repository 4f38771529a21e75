using System.Management.Automation;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Gives the output of processes line by line: what is new since it was last received in this session.</summary>
[Cmdlet(VerbsCommunications.Receive, "SandboxProcess")]
[OutputType(typeof(OutputLine))]
public sealed class ReceiveSandboxProcessCommand : ProcessCmdlet
{
    /// <summary>Creates the cmdlet. Following is mostly waiting, so all are followed at once.</summary>
    public ReceiveSandboxProcessCommand() => ThrottleLimit = MostAtOnce;

    /// <summary>Gives everything that is kept, also what was received before.</summary>
    [Parameter(HelpMessage = "Gives everything that is kept.")]
    public SwitchParameter FromStart { get; set; }

    /// <summary>Goes on until the process ends.</summary>
    [Parameter(HelpMessage = "Goes on until the process ends.")]
    [Alias("Wait")]
    public SwitchParameter Follow { get; set; }

    private protected override void Treat(Sandbox sandbox, ProcessReference process) => FanOut(async cancellationToken =>
    {
        var lines = new CommandOutputLines((source, text) => Post(() => WriteObject(new OutputLine(sandbox, source, text))));
        await Manager.Processes.ReceiveAsync(sandbox, process, FromStart, Follow, new PacedOutput(lines, this), Observer, cancellationToken).ConfigureAwait(false);
        return () => { };
    });
}
