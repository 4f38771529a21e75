// A stand-in for tests, and no PowerShell. See System.Management.Automation.csproj.
namespace System.Management.Automation;

/// <summary>Does with a cmdlet what PowerShell's pipeline does. PowerShell has no such class.</summary>
public static class CmdletDriver
{
    public static void Begin(Cmdlet cmdlet) => cmdlet.CallBegin();

    public static void Process(Cmdlet cmdlet) => cmdlet.CallProcess();

    public static void End(Cmdlet cmdlet) => cmdlet.CallEnd();

    /// <summary>What Ctrl+C does, from a thread that is not the pipeline's.</summary>
    public static void Stop(Cmdlet cmdlet) => cmdlet.CallStop();

    /// <summary>What binding does: names the parameter set, and what was bound.</summary>
    public static void Bind(PSCmdlet cmdlet, string parameterSet, IEnumerable<string> parameters)
    {
        cmdlet.ParameterSetName = parameterSet;
        foreach (var parameter in parameters)
            cmdlet.MyInvocation.BoundParameters[parameter] = cmdlet.GetType().GetProperty(parameter)!.GetValue(cmdlet)!;
    }
}
