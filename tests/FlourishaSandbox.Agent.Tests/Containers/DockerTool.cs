using System.ComponentModel;
using System.Diagnostics;

namespace FlourishaSandbox.Agent.Tests.Containers;

/// <summary>The docker command.</summary>
internal static class DockerTool
{
    public const string Image = "flourisha-sandbox-base:bookworm";

    /// <summary>Why containers cannot be made here; null where they can.</summary>
    public static string? Obstacle { get; } = FindObstacle();

    public static async Task<(int ExitCode, string Output, string Error)> TryAsync(string? input, params string[] words)
    {
        var start = new ProcessStartInfo("docker", words) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        await process.StandardInput.FlushAsync();
        if (input is null)
            process.StandardInput.Close();

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output, await error);
    }

    public static async Task<string> RunAsync(params string[] words)
    {
        var (exitCode, output, error) = await TryAsync(null, words);
        Assert.True(exitCode == 0, $"docker {string.Join(' ', words)}: {error}");
        return output.Trim();
    }

    private static string? FindObstacle()
    {
        try
        {
            var start = new ProcessStartInfo("docker", ["image", "inspect", Image]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            process.StandardOutput.ReadToEnd();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"no Docker Engine with the image {Image}: {error.Trim()}";
        }
        catch (Win32Exception)
        {
            return "there is no docker command";
        }
    }
}
