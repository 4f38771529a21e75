using FlourishaSandbox.Pools;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Json;

/// <summary>A pool.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Template">The template; null where an image was named.</param>
/// <param name="Image">The image; null where a template was named.</param>
/// <param name="Size">How many shall wait.</param>
/// <param name="Ready">How many wait.</param>
/// <param name="Starting">How many are being made.</param>
/// <param name="Outdated">How many are of no use any more.</param>
/// <param name="Limits">What they may use.</param>
/// <param name="Isolation">How hard they are closed.</param>
/// <param name="Network">What they can reach.</param>
/// <param name="Owner">Whose it is.</param>
internal sealed record PoolDocument(string Name, string? Template, string? Image, int Size, int Ready, int Starting, int Outdated, ResourceLimits Limits, IsolationLevel Isolation, NetworkPolicy Network, string Owner)
{
    /// <summary>The document of a pool.</summary>
    public static PoolDocument From(SandboxPool pool) =>
        new(pool.Name, pool.Template, pool.Image, pool.Size, pool.Ready, pool.Starting, pool.Outdated, pool.Limits, pool.Isolation, pool.Network, pool.Owner);
}
