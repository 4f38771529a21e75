// A stand-in for tests, and no PowerShell. See System.Management.Automation.csproj.
using System.Collections.ObjectModel;

namespace System.Management.Automation;

/// <summary>A cmdlet with a session; the session's current location is the process's current folder.</summary>
public abstract class PSCmdlet : Cmdlet
{
    public InvocationInfo MyInvocation { get; } = new();

    public string ParameterSetName { get; internal set; } = ParameterAttribute.AllParameterSets;

    public string GetUnresolvedProviderPathFromPSPath(string path) => IO.Path.GetFullPath(path);

    public Collection<string> GetResolvedProviderPathFromPSPath(string path, out ProviderInfo provider)
    {
        provider = new ProviderInfo();
        var full = IO.Path.GetFullPath(path);
        if (WildcardPattern.ContainsWildcardCharacters(path))
        {
            var pattern = WildcardPattern.Get(IO.Path.GetFileName(full), WildcardOptions.None);
            var found = Directory.EnumerateFileSystemEntries(IO.Path.GetDirectoryName(full)!).Where(each => pattern.IsMatch(IO.Path.GetFileName(each)));
            return [.. found.Order(StringComparer.Ordinal)];
        }

        return IO.Path.Exists(full) ? [full] : throw new ItemNotFoundException($"Cannot find path '{full}' because it does not exist.");
    }
}

/// <summary>How a cmdlet was called.</summary>
public class InvocationInfo
{
    public Dictionary<string, object> BoundParameters { get; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>A provider; no test asks it anything.</summary>
public class ProviderInfo;
