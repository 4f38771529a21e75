using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Driving;

/// <summary>Finds an installed browser of Chromium's kind on this machine.</summary>
internal static class HostBrowser
{
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "microsoft-edge-stable", "chromium-headless-shell", "chrome"];

    /// <summary>Finds one.</summary>
    /// <param name="configured">What the setting <c>browser.path</c> says; null for nothing.</param>
    /// <returns>Its full path.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.HostRefused"/>: there is none; with where it was looked for.</exception>
    public static string Find(string? configured)
    {
        if (configured is not null)
            return File.Exists(configured) ? configured : throw new SandboxException(SandboxError.HostRefused, $"The setting browser.path names '{configured}', and no such program is there.", configured, "Name the program itself, by its full path, or unset it to have one found.");

        var places = Places(OperatingSystem.IsWindows(), OperatingSystem.IsMacOS(), Environment.GetEnvironmentVariable).ToList();
        return places.Find(File.Exists)
            ?? throw new SandboxException(SandboxError.HostRefused, $"No Chromium, Chrome or Edge was found on this machine; looked for {string.Join(", ", places.Select(Path.GetFileName).Distinct())} in {string.Join(", ", places.Select(Path.GetDirectoryName).Distinct())}.", target: null, "Install one, name it with the setting browser.path, or use the browser in a sandbox, which is the default.");
    }

    /// <summary>Where one may be, best first.</summary>
    /// <param name="isWindows">Whether this is Windows.</param>
    /// <param name="isMac">Whether this is macOS.</param>
    /// <param name="variable">Reads a variable.</param>
    internal static IEnumerable<string> Places(bool isWindows, bool isMac, Func<string, string?> variable)
    {
        if (isWindows)
        {
            foreach (var root in (string[])["ProgramFiles", "ProgramFiles(x86)", "LocalAppData"])
            {
                if (variable(root) is not { Length: > 0 } folder)
                    continue;

                yield return Path.Combine(folder, "Google", "Chrome", "Application", "chrome.exe");
                yield return Path.Combine(folder, "Chromium", "Application", "chrome.exe");
                yield return Path.Combine(folder, "Microsoft", "Edge", "Application", "msedge.exe");
            }

            yield break;
        }

        foreach (var name in s_names)
        {
            foreach (var folder in (variable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
                yield return Path.Combine(folder, name);
        }

        if (!isMac)
            yield break;

        yield return "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
        yield return "/Applications/Chromium.app/Contents/MacOS/Chromium";
        yield return "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge";
    }
}
