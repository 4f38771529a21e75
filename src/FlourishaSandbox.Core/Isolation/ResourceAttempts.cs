using System.Globalization;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Isolation;

/// <summary>Attempts to take more of the machine than a sandbox was given. After those that hurt, it must be alive.</summary>
internal static class ResourceAttempts
{
    // More than a sandbox has of these is not tried: it would take long, and most of the machine.
    private const int MostProcesses = 16 * 1024;
    private const long MostMemory = 16L << 30;

    // What is tried where there is no limit, to show that there is none.
    private const int UnlimitedProcesses = 2048;
    private const long UnlimitedMemory = 512L << 20;
    private const long UnlimitedFile = 64L << 20;

    // How far beyond its limit a sandbox is asked to go.
    private const int MoreProcesses = 256;
    private const long MoreMemory = 64L << 20;
    private const long MoreFile = 16L << 20;

    // Where the agent holds it and not the engine, a disk is over its limit for as long as it takes to notice.
    private const long MoreDisk = 512L << 20;
    private const long MostDisk = 1L << 30;

    /// <summary>More open files than a process may have.</summary>
    public static async Task<(IsolationOutcome, string)> OpenFilesAsync(IsolationRun run, CancellationToken cancellationToken) =>
        IsolationAttempts.Of(await run.ProbeAsync(cancellationToken, "open-files", Text(run.Sandbox.Limits.OpenFileLimit)).ConfigureAwait(false));

    /// <summary>More temporary files than there is room for.</summary>
    public static Task<(IsolationOutcome, string)> TemporaryFilesAsync(IsolationRun run, CancellationToken cancellationToken) =>
        FillAsync(run, MemoryFolder.Temporary, cancellationToken);

    /// <summary>More in the workspace than there is room for.</summary>
    public static Task<(IsolationOutcome, string)> WorkspaceAsync(IsolationRun run, CancellationToken cancellationToken) =>
        FillAsync(run, run.Sandbox.WorkingDirectory, cancellationToken);

    /// <summary>More on the disk than there is room for.</summary>
    public static async Task<(IsolationOutcome, string)> DiskAsync(IsolationRun run, CancellationToken cancellationToken)
    {
        if (IsolationProfile.For(run.Sandbox.Isolation).HasReadOnlyRoot)
            return (IsolationOutcome.NotTried, "It writes to memory alone: see root-files, temporary-files and workspace.");

        if (run.Sandbox.Limits.Disk is not { } limit)
            return (IsolationOutcome.NotHeld, "It has no limit.");

        if (limit > MostDisk)
            return (IsolationOutcome.NotTried, $"Filling {ByteSize.Format(limit)} takes long and wears the host's disk out: a limit of {ByteSize.Format(MostDisk)} or less is tried.");

        var folder = run.Sandbox.WorkingDirectory;
        if (folder.TrimEnd('/').Length == 0 || run.Sandbox.MemoryFolders.Any(memory => memory.Holds(folder)))
            folder = "/var/tmp";

        var answer = await run.ProbeAsync(cancellationToken, "fill", folder, Text(limit + MoreDisk)).ConfigureAwait(false);
        return await AliveAsync(run, answer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A fork bomb.</summary>
    public static async Task<(IsolationOutcome, string)> ProcessesAsync(IsolationRun run, CancellationToken cancellationToken)
    {
        var limit = run.Sandbox.Limits.PidLimit;
        if (limit > MostProcesses)
            return (IsolationOutcome.NotTried, $"Its limit of {limit} processes is too large to be tried.");

        var answer = await run.ProbeAsync(cancellationToken, "fork", Text(limit > 0 ? limit + MoreProcesses : UnlimitedProcesses)).ConfigureAwait(false);
        return await AliveAsync(run, answer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A memory bomb.</summary>
    public static async Task<(IsolationOutcome, string)> MemoryAsync(IsolationRun run, CancellationToken cancellationToken)
    {
        var limit = run.Sandbox.Limits.Memory;
        if (limit > MostMemory)
            return (IsolationOutcome.NotTried, $"Its limit of {ByteSize.Format(limit)} is too large to be tried.");

        var answer = await run.ProbeAsync(cancellationToken, "memory", Text(limit > 0 ? limit + MoreMemory : UnlimitedMemory)).ConfigureAwait(false);
        return await AliveAsync(run, answer, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<(IsolationOutcome, string)> FillAsync(IsolationRun run, string folder, CancellationToken cancellationToken)
    {
        // One that is no file system of its own has no size of its own, which a few files show as well as many.
        var size = run.Sandbox.MemoryFolders.FirstOrDefault(one => one.Path.TrimEnd('/') == folder.TrimEnd('/'))?.Size ?? 0;
        var answer = await run.ProbeAsync(cancellationToken, "fill", folder, Text(size > 0 ? size + MoreFile : UnlimitedFile)).ConfigureAwait(false);
        return await AliveAsync(run, answer, cancellationToken).ConfigureAwait(false);
    }

    // The kernel may have ended the probe itself: so it was held. What counts is that the sandbox goes on.
    private static async Task<(IsolationOutcome, string)> AliveAsync(IsolationRun run, ProbeAnswer answer, CancellationToken cancellationToken)
    {
        var outcome = answer.IsKilled ? IsolationOutcome.Held : answer.Outcome;
        try
        {
            await run.ProbeAsync(cancellationToken, "user").ConfigureAwait(false);
        }
        catch (SandboxException e) when (e.Error is SandboxError.SandboxNotRunning or SandboxError.AgentUnavailable)
        {
            return (IsolationOutcome.NotHeld, $"The sandbox did not survive it: {e.Message}");
        }

        return (outcome, answer.Detail);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
