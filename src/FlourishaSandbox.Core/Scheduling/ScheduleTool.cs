using System.ComponentModel;
using System.Diagnostics;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Scheduling;

/// <summary>Runs a program of the machine's that keeps schedules.</summary>
internal class ScheduleTool
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    /// <summary>Whether this process is root's.</summary>
    public static bool IsRoot => !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    /// <summary>Runs a program, and throws where it fails.</summary>
    public async Task RunAsync(string program, IReadOnlyList<string> arguments, string? input, CancellationToken cancellationToken)
    {
        var (exitCode, output, error) = await TryAsync(program, arguments, input, cancellationToken).ConfigureAwait(false);
        if (exitCode != 0)
            throw Failed($"{program} {string.Join(' ', arguments)}", error.Length > 0 ? error : output);
    }

    /// <summary>Runs a program.</summary>
    public virtual async Task<(int ExitCode, string Output, string Error)> TryAsync(string program, IReadOnlyList<string> arguments, string? input, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, CreateNoWindow = true };
        start.Environment["LC_ALL"] = "C";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        try
        {
            using var process = Process.Start(start) ?? throw new Win32Exception($"{program} did not start");
            try
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token).ConfigureAwait(false);
                process.StandardInput.Close();
                var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
                await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
                return (process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                cancellationToken.ThrowIfCancellationRequested();
                throw Failed(program, $"it took longer than {s_limit.TotalSeconds:0} s");
            }
        }
        catch (Win32Exception e)
        {
            throw new SandboxException(SandboxError.ScheduleFailed, $"'{program}' cannot be run: {e.Message}", program, (program == "crontab" ? "Install it (on Debian and Ubuntu: apt-get install cron), or have" : "Have") + " this run by whatever else this machine runs such things with.", e);
        }
    }

    /// <summary>The failure for a program that failed.</summary>
    public static SandboxException Failed(string command, string words) =>
        new(SandboxError.ScheduleFailed, $"'{command}' failed: {words.Trim()}", command, "Mend what it complains of, or have this run by whatever else this machine runs such things with.");
}
