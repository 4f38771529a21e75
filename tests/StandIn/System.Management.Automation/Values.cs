// A stand-in for tests, and no PowerShell. See System.Management.Automation.csproj.
namespace System.Management.Automation;

/// <summary>A wrapper around an object, as values from script often come.</summary>
public class PSObject(object obj)
{
    public object BaseObject { get; } = obj;

    public override string? ToString() => BaseObject.ToString();
}

public readonly struct SwitchParameter(bool isPresent)
{
    public bool IsPresent { get; } = isPresent;

    public static implicit operator bool(SwitchParameter switchParameter) => switchParameter.IsPresent;

    public static implicit operator SwitchParameter(bool value) => new(value);
}
