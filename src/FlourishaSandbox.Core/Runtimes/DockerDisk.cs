using System.Globalization;
using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Runtimes;

/// <summary>
/// The engine's own quota for what a container writes, where its storage can have one. Where it only might, as overlay2 on xfs, which has
/// to be mounted for it, it is tried once. With it or without, the agent sees to the limit too: it says so more clearly.
/// </summary>
/// <param name="facts">What the engine says of itself.</param>
internal sealed class DockerDisk(DockerFacts facts)
{
    private const string SizeOption = "size";

    private volatile bool _isRefused;

    /// <summary>Adds the quota to what a container is to be made from.</summary>
    /// <param name="request">The container.</param>
    /// <param name="limit">Its limit in bytes; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ContainerCreateRequest> ApplyAsync(ContainerCreateRequest request, long? limit, CancellationToken cancellationToken) =>
        limit is { } bytes && !_isRefused && MayHaveQuota(await facts.GetAsync(cancellationToken).ConfigureAwait(false))
            ? request with { HostConfig = (request.HostConfig ?? new HostConfig()) with { StorageOpt = new() { [SizeOption] = bytes.ToString(CultureInfo.InvariantCulture) } } }
            : request;

    /// <summary>Whether a creation failed for the quota alone, which then is not asked for again.</summary>
    /// <param name="failure">Why it failed.</param>
    public bool IsRefusal(DockerException failure)
    {
        var isRefusal = !_isRefused && failure.EngineMessage.Contains("storage-opt", StringComparison.Ordinal);
        _isRefused |= isRefusal;
        return isRefusal;
    }

    /// <summary>Whether an engine's storage may have quotas, by what it says of itself.</summary>
    internal static bool MayHaveQuota(EngineInfo engine) => engine.Driver switch
    {
        "btrfs" or "zfs" or "devicemapper" or "windowsfilter" => true,
        "overlay2" => engine.DriverStatus.Any(pair => pair is ["Backing Filesystem", "xfs"]),
        _ => false,
    };
}
