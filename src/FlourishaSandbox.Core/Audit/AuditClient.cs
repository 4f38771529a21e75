namespace FlourishaSandbox.Audit;

/// <summary>By which cmdlet or verb something is done. It goes along with asynchronous work.</summary>
public static class AuditClient
{
    private static readonly AsyncLocal<string?> s_current = new();
    private static readonly Lazy<string> s_process = new(() =>
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.ProcessName;
    });

    /// <summary>The cmdlet or verb; the process's name where nobody said.</summary>
    public static string Current
    {
        get => s_current.Value ?? s_process.Value;
        set => s_current.Value = value;
    }
}
