using FlourishaSandbox.Envd.Http;

namespace FlourishaSandbox.Agents;

/// <summary>What an agent's answer means about a sandbox's end.</summary>
internal static class AgentDeadline
{
    private const long LongestMs = 400L * 365 * 24 * 3600 * 1000;

    /// <summary>When the sandbox ends, by this machine's clock: a sandbox may say anything of its own. Null for no end.</summary>
    public static DateTimeOffset? ToTime(Deadline deadline) =>
        deadline.RemainingMs is { } left ? DateTimeOffset.UtcNow + TimeSpan.FromMilliseconds(Math.Clamp(left, 0, LongestMs)) : null;
}
