namespace FlourishaSandbox.Enforcement;

/// <summary>Limits in words.</summary>
public static class LimitText
{
    /// <summary>Why something was ended, as the end of a sentence.</summary>
    /// <param name="limit">The limit; null for none.</param>
    /// <returns>For example <c> for want of memory</c>, with a space before it; empty for none.</returns>
    public static string Reason(LimitKind? limit) => limit switch
    {
        LimitKind.Memory => ": the sandbox was out of memory",
        LimitKind.Disk => ": the sandbox's disk limit is reached",
        LimitKind.Output => ": it wrote more output than it may",
        _ => "",
    };
}
