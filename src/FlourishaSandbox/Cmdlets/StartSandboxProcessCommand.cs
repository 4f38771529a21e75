using System.Collections;
using System.Management.Automation;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Starts processes in sandboxes and leaves them to themselves, as one does with a server. Their output is kept.</summary>
[Cmdlet(VerbsLifecycle.Start, "SandboxProcess", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(SandboxProcess))]
public sealed class StartSandboxProcessCommand : FanOutCmdlet
{
    /// <summary>A line for the sandbox's /bin/sh; with -ArgumentList, the program to start without a shell.</summary>
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "A command line, or a program with -ArgumentList.")]
    [ValidateNotNullOrEmpty]
    public string Command { get; set; } = "";

    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [Alias("Name", "Id")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>The program's arguments, passed on as they are. An empty list starts the program without a shell too.</summary>
    [Parameter(HelpMessage = "The program's arguments, passed on as they are.")]
    [Alias("Args")]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public string[]? ArgumentList { get; set; }

    /// <summary>The folder to start in.</summary>
    [Parameter(HelpMessage = "The folder to start in.")]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>Variables beside the sandbox's own.</summary>
    [Parameter(HelpMessage = "Environment variables.")]
    public IDictionary? Environment { get; set; }

    /// <summary>A word to find it by: letters, digits, '-', '_', '.' and ':'.</summary>
    [Parameter(HelpMessage = "A word to find it by.")]
    [ValidateNotNullOrEmpty]
    public string? Tag { get; set; }

    /// <summary>How long it may run before it and all its descendants are ended: seconds, 1m30s or 00:01:30. No limit where nothing is said.</summary>
    [Parameter(HelpMessage = "How long it may run: seconds, 1m30s or 00:01:30.")]
    [Duration]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Bytes of output that are kept, from 4KB to 64MB; 4 MB where nothing is said. Older output gives way to newer.</summary>
    [Parameter(HelpMessage = "Bytes of output that are kept.")]
    public int? OutputLimit { get; set; }

    /// <summary>Lets Send-SandboxProcessInput write to its standard input; else it reads an end at once.</summary>
    [Parameter(HelpMessage = "Lets Send-SandboxProcessInput write to it.")]
    public SwitchParameter KeepInputOpen { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        try
        {
            ReadRequest().Validate();
            ReadOptions().Validate();
        }
        catch (SandboxException e)
        {
            ThrowTerminatingError(e.ToErrorRecord());
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var sandbox in Resolve(Sandbox))
        {
            if (ShouldProcess($"{sandbox.Name}: {Command}", "Start"))
                Start(sandbox);
        }
    }

    private void Start(Sandbox sandbox) => FanOut(async cancellationToken =>
    {
        var process = await Manager.Processes.StartAsync(sandbox, ReadRequest(), ReadOptions(), Observer, cancellationToken).ConfigureAwait(false);
        return () => WriteObject(process);
    });

    private CommandRequest ReadRequest() => new()
    {
        Command = Command,
        Arguments = ArgumentList,
        WorkingDirectory = WorkingDirectory,
        Environment = Environment.ToText(),
        Timeout = Timeout == System.Threading.Timeout.InfiniteTimeSpan ? null : Timeout,
    };

    private ProcessOptions ReadOptions() => new() { Tag = Tag, KeepInputOpen = KeepInputOpen, OutputLimit = OutputLimit };
}
