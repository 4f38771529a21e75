using System.Management.Automation;

namespace FlourishaSandbox;

/// <summary>Values as PowerShell hands them over.</summary>
internal static class Values
{
    /// <summary>The value itself, which a pipeline or a script may have wrapped.</summary>
    public static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
