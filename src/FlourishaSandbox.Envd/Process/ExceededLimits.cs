namespace FlourishaSandbox.Envd.Process;

/// <summary>Limits for which a process is ended.</summary>
public static class ExceededLimits
{
    /// <summary>The kernel found no memory for the sandbox any more.</summary>
    public const string Memory = "memory";

    /// <summary>It wrote to the disk while that was as full as it may be.</summary>
    public const string Disk = "disk";

    /// <summary>It wrote more output than it may.</summary>
    public const string Output = "output";

    /// <summary>A limit in words, as the end of a sentence.</summary>
    /// <param name="limit">One of the above.</param>
    /// <returns>For example <c>out of memory</c>.</returns>
    public static string Describe(string limit) => limit switch
    {
        Memory => "out of memory",
        Disk => "the sandbox's disk limit is reached",
        Output => "it wrote more output than it may",
        _ => limit,
    };
}
