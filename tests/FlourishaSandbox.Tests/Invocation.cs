using System.Management.Automation;

namespace FlourishaSandbox.Tests;

/// <summary>A call of a cmdlet: drives it as a pipeline would, and keeps everything that it writes, in order.</summary>
internal sealed class Invocation(PSCmdlet cmdlet, string parameterSet = ParameterAttribute.AllParameterSets) : ICommandRuntime
{
    public List<object?> Output { get; } = [];

    public List<ErrorRecord> Errors { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<string> Verbose { get; } = [];

    public List<ProgressRecord> Progress { get; } = [];

    /// <summary>What ShouldProcess was asked: target and action.</summary>
    public List<(string Target, string Action)> Questions { get; } = [];

    /// <summary>Everything in order: "object t1", "error SandboxNotFound" and so on.</summary>
    public List<string> Order { get; } = [];

    /// <summary>The error that ended the cmdlet.</summary>
    public ErrorRecord? Terminating { get; private set; }

    /// <summary>Whether the pipeline was stopped: by Ctrl+C, or by a terminating error.</summary>
    public bool IsStopped { get; private set; }

    public Func<string, string, bool> Answer { get; set; } = (_, _) => true;

    /// <summary>The cmdlet after this one.</summary>
    public Action<object?>? Downstream { get; set; }

    /// <summary>Runs before each record: what binding by the pipeline does.</summary>
    public IReadOnlyList<Action> Records { get; set; } = [() => { }];

    /// <summary>The whole life of a cmdlet.</summary>
    public static Invocation Run(PSCmdlet cmdlet, string parameterSet = ParameterAttribute.AllParameterSets, params string[] bound)
    {
        var invocation = new Invocation(cmdlet, parameterSet);
        invocation.Run(bound);
        return invocation;
    }

    public void Run(params string[] bound)
    {
        CmdletDriver.Bind(cmdlet, parameterSet, bound);
        cmdlet.CommandRuntime = this;
        try
        {
            CmdletDriver.Begin(cmdlet);
            foreach (var record in Records)
            {
                record();
                CmdletDriver.Process(cmdlet);
            }

            CmdletDriver.End(cmdlet);
        }
        catch (PipelineStoppedException)
        {
            IsStopped = true;
        }
        finally
        {
            (cmdlet as IDisposable)?.Dispose();
        }
    }

    public IEnumerable<T> OutputOf<T>() => Output.Cast<T>();

    void ICommandRuntime.WriteObject(object? sendToPipeline)
    {
        Output.Add(sendToPipeline);
        Order.Add($"object {sendToPipeline}");
        Downstream?.Invoke(sendToPipeline);
    }

    void ICommandRuntime.WriteError(ErrorRecord errorRecord)
    {
        Errors.Add(errorRecord);
        Order.Add($"error {errorRecord.FullyQualifiedErrorId} {errorRecord.TargetObject}");
    }

    void ICommandRuntime.WriteWarning(string text)
    {
        Warnings.Add(text);
        Order.Add("warning");
    }

    void ICommandRuntime.WriteVerbose(string text) => Verbose.Add(text);

    void ICommandRuntime.WriteProgress(ProgressRecord progressRecord) => Progress.Add(progressRecord);

    bool ICommandRuntime.ShouldProcess(string target, string action)
    {
        Questions.Add((target, action));
        return Answer(target, action);
    }

    void ICommandRuntime.TerminatingError(ErrorRecord errorRecord) => Terminating = errorRecord;
}
