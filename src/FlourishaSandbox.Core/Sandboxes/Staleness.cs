using FlourishaSandbox.Agents;

namespace FlourishaSandbox.Sandboxes;

/// <summary>When a sandbox is stale, and why. The one place that decides it.</summary>
internal static class Staleness
{
    /// <summary>How long something may stay half made before its maker is taken to be gone: 5 minutes. Making a sandbox takes under a second; its image is there before it is made.</summary>
    public static readonly TimeSpan StartGrace = TimeSpan.FromMinutes(5);

    // A sandbox is started some time after it was made, and somebody who prolongs one does so by more.
    private static readonly TimeSpan Prolonged = TimeSpan.FromMinutes(1);

    /// <summary>Why a sandbox is stale.</summary>
    /// <param name="sandbox">The sandbox, with its deadline as its agent says where it was asked.</param>
    /// <param name="now">The time by which it is judged.</param>
    /// <param name="olderThan">Where given, every sandbox of this age or more is stale, whatever its deadline.</param>
    /// <param name="isAbandoned">Whether its maker is known to have been killed.</param>
    /// <returns>The reason, and whether the sandbox may be in use all the same; null where it is not stale.</returns>
    public static (string Reason, bool IsInUse)? Judge(Sandbox sandbox, DateTimeOffset now, TimeSpan? olderThan, bool isAbandoned)
    {
        var age = now - sandbox.CreatedAt;

        // One that is to be suspended at its deadline is not to go by it.
        if (sandbox.OnTimeout != TimeoutAction.Suspend && sandbox.Deadline is { } deadline && deadline <= now)
        {
            var passed = Duration.Describe(now - deadline);
            return IsSilent(sandbox) ? ($"the deadline that it was made with passed {passed} ago, and its agent does not say whether there is a later one", true) : ($"its deadline passed {passed} ago", false);
        }

        // One that was asked to end, by Stop-Sandbox or because its engine stopped, keeps its files until its deadline.
        return sandbox.State switch
        {
            SandboxState.Stopped when sandbox is { ExitCode: AgentExit.Deadline } => ("it ended at its deadline", false),
            SandboxState.Stopped when sandbox.ExitCode != AgentExit.Asked => ("it has stopped", false),
            SandboxState.Dead => ("the engine failed to remove it", false),
            SandboxState.Created when sandbox.Maker is { } maker && Sessions.ProcessIdentity.Parse(maker.Process)?.HasEnded() == true => ("the process that was making it is gone", false),
            SandboxState.Created when age >= StartGrace => ($"it was made {Duration.Describe(age)} ago and never started", false),
            _ when isAbandoned && !MayBeProlonged(sandbox) => ("the process that made it was killed, and nobody has prolonged its life since", false),
            _ when olderThan is { } limit && age >= limit => ($"it is {Duration.Describe(age)} old", IsAlive(sandbox)),
            _ => null,
        };
    }

    private static bool IsAlive(Sandbox sandbox) =>
        sandbox.State is SandboxState.Running || (sandbox.State == SandboxState.Suspended && sandbox.OnTimeout != TimeoutAction.Suspend);

    // A running sandbox whose agent was not heard, so that only the label is known, which never changes.
    private static bool IsSilent(Sandbox sandbox) => sandbox is { State: SandboxState.Running, AgentVersion: not null, HasToldDeadline: false };

    private static bool MayBeProlonged(Sandbox sandbox) =>
        IsSilent(sandbox) || (sandbox.HasToldDeadline && sandbox.Deadline != sandbox.FirstDeadline && !((sandbox.Deadline - sandbox.FirstDeadline)?.Duration() <= Prolonged));
}
