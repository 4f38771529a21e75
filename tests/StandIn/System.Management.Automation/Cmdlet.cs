// A stand-in for tests, and no PowerShell. See System.Management.Automation.csproj.
namespace System.Management.Automation;

/// <summary>
/// Passes what a cmdlet writes on to its <see cref="ICommandRuntime"/>, and is as strict as PowerShell: writing is for the pipeline's thread
/// alone, inside of BeginProcessing, ProcessRecord or EndProcessing; a stopped pipeline takes nothing; a terminating error throws.
/// </summary>
public abstract class Cmdlet
{
    private int _writer;
    private volatile bool _isStopping;

    public ICommandRuntime? CommandRuntime { get; set; }

    public bool Stopping => _isStopping;

    private ICommandRuntime Runtime
    {
        get
        {
            if (Environment.CurrentManagedThreadId != Volatile.Read(ref _writer))
                throw new InvalidOperationException("The WriteObject and WriteError methods cannot be called from outside the overrides of the BeginProcessing, ProcessRecord, and EndProcessing methods, and they can only be called from within the same thread.");

            if (_isStopping)
                throw new PipelineStoppedException();

            return CommandRuntime ?? throw new InvalidOperationException("The cmdlet has no CommandRuntime.");
        }
    }

    public void WriteObject(object? sendToPipeline) => WriteObject(sendToPipeline, enumerateCollection: false);

    public void WriteObject(object? sendToPipeline, bool enumerateCollection)
    {
        if (enumerateCollection && sendToPipeline is Collections.IEnumerable many and not string)
        {
            foreach (var one in many)
                Runtime.WriteObject(one);
        }
        else
        {
            Runtime.WriteObject(sendToPipeline);
        }
    }

    public void WriteError(ErrorRecord errorRecord) => Runtime.WriteError(errorRecord);

    public void WriteWarning(string text) => Runtime.WriteWarning(text);

    public void WriteVerbose(string text) => Runtime.WriteVerbose(text);

    public void WriteProgress(ProgressRecord progressRecord) => Runtime.WriteProgress(progressRecord);

    public bool ShouldProcess(string target) => ShouldProcess(target, GetType().Name);

    public bool ShouldProcess(string target, string action) => Runtime.ShouldProcess(target, action);

    public void ThrowTerminatingError(ErrorRecord errorRecord)
    {
        Runtime.TerminatingError(errorRecord);
        throw new PipelineStoppedException();
    }

    protected virtual void BeginProcessing()
    {
    }

    protected virtual void ProcessRecord()
    {
    }

    protected virtual void EndProcessing()
    {
    }

    protected virtual void StopProcessing()
    {
    }

    internal void Call(Action<Cmdlet> step)
    {
        Volatile.Write(ref _writer, Environment.CurrentManagedThreadId);
        try
        {
            step(this);
        }
        finally
        {
            Volatile.Write(ref _writer, 0);
        }
    }

    internal void CallBegin() => Call(static cmdlet => cmdlet.BeginProcessing());

    internal void CallProcess() => Call(static cmdlet => cmdlet.ProcessRecord());

    internal void CallEnd() => Call(static cmdlet => cmdlet.EndProcessing());

    internal void CallStop()
    {
        _isStopping = true;
        StopProcessing();
    }
}
