using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FlourishaSandbox.Agents;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Pools;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>
/// What decides whether a waiting container can become a wanted sandbox: the container's own request, without what a claim can still give
/// it. Whatever is added to a request one day, counts from that day on; nothing has to be remembered here.
/// </summary>
internal static class PoolKey
{
    private const int Length = 16;

    /// <summary>The shape without what a claim gives, and with what is the same for all.</summary>
    public static SandboxSpecification Neutral(SandboxSpecification shape) => shape with
    {
        Name = "pool",
        CreatedAt = DateTimeOffset.UnixEpoch,
        Timeout = PoolMember.Lifetime,
        Metadata = new Dictionary<string, string>(),
        Pool = null,
        PoolKey = null,
    };

    /// <summary>The key: 16 hexadecimal digits.</summary>
    /// <param name="shape">The sandbox, as <see cref="Neutral"/> makes it.</param>
    /// <param name="container">The container that it would be, with an agent whose token is not set.</param>
    public static string Of(SandboxSpecification shape, ContainerCreateRequest container)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        // These can be changed while it runs. Memory counts all the same where there are folders in it, whose sizes follow from it.
        var fixedPart = container with { Labels = null, HostConfig = container.HostConfig! with { Memory = null, MemorySwap = null, CpuQuota = null, PidsLimit = null } };
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(fixedPart, DockerJson.Default.ContainerCreateRequest));

        // A pool is its owner's, whom nobody else shall leave without. The image's id, as a name may come to mean another image. And what is
        // kept by others than the engine.
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{shape.Owner}|{shape.ImageId}|{shape.Template}|{AgentBinary.Version}|{shape.Isolation}|{shape.Network}|{shape.OnTimeout}|{shape.Limits.Disk}|{shape.Limits.Output}")));
        return Convert.ToHexString(hash.GetHashAndReset())[..Length].ToLowerInvariant();
    }
}
