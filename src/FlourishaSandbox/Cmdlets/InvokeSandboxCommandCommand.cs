using System.Collections;
using System.Management.Automation;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Runs a command in sandboxes: one result for each, or its output line by line.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "SandboxCommand", DefaultParameterSetName = SandboxSet)]
[OutputType(typeof(CommandResult), typeof(OutputLine))]
public sealed class InvokeSandboxCommandCommand : FanOutCmdlet
{
    // Sandboxes come by the pipeline.
    private const string SandboxSet = "Sandbox";

    // The sandbox is named, and what the command reads comes by the pipeline.
    private const string InputSet = "Input";

    private readonly List<object?> _input = [];

    /// <summary>A line for the sandbox's /bin/sh; with -ArgumentList, the program to start without a shell.</summary>
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "A command line, or a program with -ArgumentList.")]
    [ValidateNotNullOrEmpty]
    public string Command { get; set; } = "";

    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = SandboxSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = InputSet, HelpMessage = "Sandboxes, names or ids.")]
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

    /// <summary>The user to run as.</summary>
    [Parameter(HelpMessage = "The user to run as.")]
    [ValidateNotNullOrEmpty]
    public string? User { get; set; }

    /// <summary>How long it may run before it and all its descendants are killed: seconds, 1m30s or 00:01:30. No limit where nothing is said.</summary>
    [Parameter(HelpMessage = "How long it may run: seconds, 1m30s or 00:01:30.")]
    [Duration]
    public TimeSpan? Timeout { get; set; }

    /// <summary>What the command reads: text line by line, or a byte array, a file or a stream as it is.</summary>
    [Parameter(ParameterSetName = SandboxSet, HelpMessage = "What the command reads.")]
    [Parameter(Mandatory = true, ParameterSetName = InputSet, ValueFromPipeline = true, HelpMessage = "What the command reads.")]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? InputObject { get; set; }

    /// <summary>Gives each line as soon as it is written, instead of a result at the end.</summary>
    [Parameter(HelpMessage = "Gives each line as soon as it is written.")]
    public SwitchParameter Stream { get; set; }

    /// <summary>Starts the command and leaves it running, as one does with a server. Receive-SandboxProcess gives its output later.</summary>
    [Parameter(HelpMessage = "Starts the command and leaves it running.")]
    public SwitchParameter Detach { get; set; }

    /// <summary>Makes an error of an exit code other than 0, and of a time-out, beside the result.</summary>
    [Parameter(HelpMessage = "Makes an error of an exit code other than 0.")]
    public SwitchParameter FailOnNonZero { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        var isWrong = Detach && (Stream || FailOnNonZero || Timeout is not null || MyInvocation.BoundParameters.ContainsKey(nameof(InputObject)));
        if (isWrong)
            ThrowTerminatingError(new SandboxException(SandboxError.InvalidOption, "With -Detach nobody waits for the command, so -Stream, -FailOnNonZero, -Timeout and -InputObject make no sense.", Command, "Leave them out, or leave out -Detach.").ToErrorRecord());

        try
        {
            ReadRequest().Validate();
        }
        catch (SandboxException e)
        {
            ThrowTerminatingError(e.ToErrorRecord());
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == InputSet)
            _input.Add(InputObject);
        else
            Run(MyInvocation.BoundParameters.ContainsKey(nameof(InputObject)) ? [InputObject] : null);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ParameterSetName == InputSet)
            Run(_input);

        base.EndProcessing();
    }

    private void Run(IReadOnlyList<object?>? input)
    {
        foreach (var sandbox in Resolve(Sandbox))
            FanOut(cancellationToken => RunAsync(sandbox, input, cancellationToken));
    }

    private async Task<Action> RunAsync(Sandbox sandbox, IReadOnlyList<object?>? input, CancellationToken cancellationToken)
    {
        if (Detach)
        {
            var started = await Manager.StartAsync(sandbox, ReadRequest(), Observer, cancellationToken).ConfigureAwait(false);
            return () => WriteObject(started);
        }

        using var stream = input is null ? null : CommandInput.Open(input);
        if (Stream)
        {
            var lines = new CommandOutputLines((source, text) => Post(() => WriteObject(new OutputLine(sandbox, source, text))));
            var exit = await Manager.RunAsync(sandbox, ReadRequest(), stream, new PacedOutput(lines, this), Observer, cancellationToken).ConfigureAwait(false);
            return () => Report(sandbox, exit, isSilent: false);
        }

        var result = await Manager.RunAsync(sandbox, ReadRequest(), stream, Observer, cancellationToken).ConfigureAwait(false);
        return () =>
        {
            WriteObject(result);
            Report(sandbox, new CommandExit(result.ExitCode, result.TimedOut) { Exceeded = result.Exceeded, Killed = result.Killed }, isSilent: true);
        };
    }

    private void Report(Sandbox sandbox, CommandExit exit, bool isSilent)
    {
        if (exit is { ExitCode: 0, TimedOut: false, Exceeded: null })
            return;

        var end = exit.TimedOut ? $"was killed after {Timeout}, with everything that it had started{Display.Killed(exit.Killed)}" : $"ended with exit code {exit.ExitCode}{LimitText.Reason(exit.Exceeded)}";
        if (FailOnNonZero)
            WriteError(new SandboxException(exit.TimedOut ? SandboxError.TimedOut : exit.Exceeded is null ? SandboxError.CommandFailed : SandboxError.LimitExceeded, $"The command in sandbox '{sandbox}' {end}.", sandbox).ToErrorRecord());
        else if (!isSilent || exit.Exceeded is not null)
            WriteWarning($"The command in sandbox '{sandbox}' {end}.");
    }

    private CommandRequest ReadRequest() => new()
    {
        Command = Command,
        Arguments = ArgumentList,
        WorkingDirectory = WorkingDirectory,
        Environment = Environment.ToText(),
        User = User,
        Timeout = Timeout == System.Threading.Timeout.InfiniteTimeSpan ? null : Timeout,
    };
}
