using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Pools;

/// <summary>What of a sandbox is the same for all that can be claimed as it, and what a claim gives it.</summary>
internal static class PoolShape
{
    /// <summary>The part that is the same: what one that waits is made as.</summary>
    /// <param name="wanted">The wanted sandbox.</param>
    public static SandboxSpecification Of(SandboxSpecification wanted) => wanted with
    {
        Environment = wanted.TemplateEnvironment,
        Metadata = new Dictionary<string, string>(),
        Timeout = PoolMember.Lifetime,
    };

    /// <summary>Why a sandbox has to be made anew, as the end of a sentence that begins "because"; null where one that waits might do.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="wanted">What it comes to.</param>
    public static string? WhyNot(SandboxOptions options, SandboxSpecification wanted) => wanted switch
    {
        _ when options.NoPool => "that was asked for",
        { Volumes.Count: > 0 } => "it has volumes",
        { Routing: HostRouting.Traefik } => "Traefik reads its labels",
        { Network: NetworkPolicy.Dedicated } => "it gets a network of its own",
        { AllowHosts.Count: > 0 } or { DenyHosts.Count: > 0 } => "what it may reach is its own",
        { OnTimeout: not TimeoutAction.Stop } => "it does not just stop at its deadline",
        { StartCommand.Count: > 0 } when options.Environment.Count > 0 => "its start command is to see its variables",
        _ => null,
    };
}
