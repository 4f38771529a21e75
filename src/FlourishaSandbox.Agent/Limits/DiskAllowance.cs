namespace FlourishaSandbox.Agent.Limits;

/// <summary>
/// What the agent itself may still write, for uploads and the like: it obeys the sandbox's limit as it would obey a file system's quota.
/// One for the process, as a quota is, so that no way to a file goes past it.
/// </summary>
internal static class DiskAllowance
{
    private static DiskGuard? s_guard;

    /// <summary>Sets who decides.</summary>
    /// <param name="guard">Who knows the limit.</param>
    public static void Use(DiskGuard guard) => s_guard = guard;

    /// <summary>Asks before something is written.</summary>
    /// <param name="bytes">How much.</param>
    /// <returns>Whether it may be.</returns>
    public static bool Permits(long bytes) => s_guard?.Permits(bytes) ?? true;
}
