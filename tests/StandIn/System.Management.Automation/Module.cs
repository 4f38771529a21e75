// A stand-in for tests, and no PowerShell. See System.Management.Automation.csproj.
namespace System.Management.Automation;

public sealed class PSModuleInfo;

public interface IModuleAssemblyCleanup
{
    void OnRemove(PSModuleInfo psModuleInfo);
}
