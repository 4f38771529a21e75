namespace FlourishaSandbox.Sandboxes;

/// <summary>A sandbox that should go, and why.</summary>
/// <param name="Sandbox">The sandbox.</param>
/// <param name="Reason">A sentence for a person, without a full stop.</param>
/// <param name="IsInUse">Whether it runs and its deadline is to come, so that only its age speaks against it: it is removed by force only.</param>
public sealed record StaleSandbox(Sandbox Sandbox, string Reason, bool IsInUse)
{
    /// <summary>How long a sandbox may stay unstarted before its maker is taken to be gone: 5 minutes. Making one takes under a second; its image is there before it is made.</summary>
    public static readonly TimeSpan StartGrace = TimeSpan.FromMinutes(5);

    /// <summary>Why a sandbox is stale.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="now">The time by which it is judged.</param>
    /// <param name="olderThan">Where given, every sandbox of this age or more is stale, whatever its deadline.</param>
    /// <returns>The reason, or null where it is not stale.</returns>
    public static string? ReasonFor(Sandbox sandbox, DateTimeOffset now, TimeSpan? olderThan)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        var age = now - sandbox.CreatedAt;

        if (sandbox.Deadline is { } deadline && deadline <= now)
            return $"its deadline passed {Duration.Describe(now - deadline)} ago";

        return sandbox.State switch
        {
            SandboxState.Stopped => "it has stopped",
            SandboxState.Dead => "the engine failed to remove it",
            SandboxState.Created when age >= StartGrace => $"it was made {Duration.Describe(age)} ago and never started",
            _ when olderThan is { } limit && age >= limit => $"it is {Duration.Describe(age)} old",
            _ => null,
        };
    }
}
