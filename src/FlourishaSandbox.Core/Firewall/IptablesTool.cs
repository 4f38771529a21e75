using System.ComponentModel;
using System.Diagnostics;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Firewall;

/// <summary>Runs iptables and its relatives, which Docker uses too. All wait for the lock that they share.</summary>
internal class IptablesTool
{
    private const string LockSeconds = "10";

    /// <summary>Lists the rules of the filter table.</summary>
    /// <param name="family">Of which protocol.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The rules as <c>-S</c> prints them; null where the machine has no such protocol.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.HostRefused"/>.</exception>
    public virtual async Task<string?> ListAsync(FirewallFamily family, CancellationToken cancellationToken)
    {
        var program = family == FirewallFamily.IPv4 ? "iptables" : "ip6tables";
        var (exitCode, output, error) = await RunAsync(program, ["-w", LockSeconds, "-S"], input: "", cancellationToken).ConfigureAwait(false);
        if (exitCode == 0)
            return output;

        return family == FirewallFamily.IPv6 ? null : throw Failed(program, error);
    }

    /// <summary>Changes rules in one step: all of it happens, or nothing.</summary>
    /// <param name="family">Of which protocol.</param>
    /// <param name="script">What iptables-restore reads.</param>
    /// <param name="cancellationToken">Ends the wait before it begins.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.HostRefused"/>.</exception>
    public virtual async Task ApplyAsync(FirewallFamily family, string script, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var program = family == FirewallFamily.IPv4 ? "iptables-restore" : "ip6tables-restore";

        // Milliseconds; and what became of it must be known.
        var (exitCode, _, error) = await RunAsync(program, ["-w", LockSeconds, "--noflush"], script, CancellationToken.None).ConfigureAwait(false);
        if (exitCode != 0)
            throw Failed(program, error);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string program, string[] arguments, string input, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["LC_ALL"] = "C";
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new SandboxException(SandboxError.HostRefused, $"The program '{program}' cannot be started: {e.Message}.", program, "Install iptables, which the Docker Engine uses as well; look whether /usr/sbin is in PATH.", e);
        }

        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return (process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
        }
    }

    private static SandboxException Failed(string program, string error) =>
        new(SandboxError.HostRefused, $"'{program}' failed: {error.Trim()}", program, "See whether the kernel has what it names; nothing was changed.");
}
