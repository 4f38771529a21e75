namespace FlourishaSandbox;

/// <summary>What a schedule runs: the command line where it is beside the module or on PATH, else a PowerShell with this module.</summary>
internal static class CleanupProgram
{
    private static readonly string s_name = OperatingSystem.IsWindows() ? "docker-sandbox.exe" : "docker-sandbox";

    /// <summary>Finds it.</summary>
    /// <param name="isPowerShell">Whether it is a PowerShell.</param>
    /// <returns>The words to which those of the clean-up are added.</returns>
    public static IReadOnlyList<string> Find(out bool isPowerShell)
    {
        var module = Path.GetDirectoryName(typeof(CleanupProgram).Assembly.Location)!;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Prepend(module);
        var program = folders.Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, s_name)).FirstOrDefault(File.Exists);
        isPowerShell = program is null;
        return program is not null
            ? [program]
            : [Environment.ProcessPath ?? "pwsh", "-NoProfile", "-NonInteractive", "-Command", $"Import-Module '{Path.Combine(module, "FlourishaSandbox.psd1").Replace("'", "''", StringComparison.Ordinal)}'"];
    }
}
