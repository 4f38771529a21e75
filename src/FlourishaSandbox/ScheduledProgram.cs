namespace FlourishaSandbox;

/// <summary>What a schedule runs: the command line where it is beside the module or on PATH, else a PowerShell with this module.</summary>
internal static class ScheduledProgram
{
    private static readonly string s_name = OperatingSystem.IsWindows() ? "docker-sandbox.exe" : "docker-sandbox";
    private static readonly string s_module = Path.GetDirectoryName(typeof(ScheduledProgram).Assembly.Location)!;

    /// <summary>Finds it.</summary>
    /// <param name="isPowerShell">Whether it is a PowerShell.</param>
    /// <returns>The words to which those of the clean-up are added.</returns>
    public static IReadOnlyList<string> Find(out bool isPowerShell)
    {
        var program = FindCommandLine();
        isPowerShell = program is null;
        return program is not null
            ? [program]
            : [Environment.ProcessPath ?? "pwsh", "-NoProfile", "-NonInteractive", "-Command", $"Import-Module '{Path.Combine(s_module, "FlourishaSandbox.psd1").Replace("'", "''", StringComparison.Ordinal)}'"];
    }

    /// <summary>The command line's program; null where there is none.</summary>
    public static string? FindCommandLine() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Prepend(s_module)
            .Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, s_name)).FirstOrDefault(File.Exists);
}
