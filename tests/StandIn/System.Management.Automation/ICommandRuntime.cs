// A stand-in for tests, and no PowerShell. See System.Management.Automation.csproj.
namespace System.Management.Automation;

/// <summary>Takes what a cmdlet writes, and answers what it asks. PowerShell's own has more members.</summary>
public interface ICommandRuntime
{
    void WriteObject(object? sendToPipeline);

    void WriteError(ErrorRecord errorRecord);

    void WriteWarning(string text);

    void WriteVerbose(string text);

    void WriteProgress(ProgressRecord progressRecord);

    bool ShouldProcess(string target, string action);

    /// <summary>Hears of the error; the cmdlet then sees a <see cref="PipelineStoppedException"/>, as in PowerShell.</summary>
    void TerminatingError(ErrorRecord errorRecord);
}
