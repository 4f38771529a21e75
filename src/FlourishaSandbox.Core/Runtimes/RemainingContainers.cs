using FlourishaSandbox.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>The containers of an engine, and what they say about everything else there.</summary>
/// <param name="all">All of them, also those that are not ours: they may use what is.</param>
internal sealed class RemainingContainers(IReadOnlyList<ContainerSummary> all)
{
    private readonly HashSet<string> _creations =
    [
        .. all.Where(one => SandboxMapping.IsSandbox(one.Labels) || SandboxMapping.IsFromPool(one.Labels)).Select(one => one.Labels.GetValueOrDefault(SandboxLabels.Creation, "")),
    ];

    /// <summary>What is no sandbox, but was made for one, or died while it waited to be one.</summary>
    public IEnumerable<Remnant> Helpers() => from container in all
                                             let kind = container.Labels.GetValueOrDefault(SandboxLabels.Kind)
                                             where kind is not (null or SandboxLabels.SandboxKind or SandboxLabels.AgentKind) && container.Labels.ContainsKey(SandboxLabels.Creation)
                                             select kind == SandboxLabels.PoolKind ? Member(container) : Remnant(StaleKind.Container, container.Id, NameOf(container), DateTimeOffset.FromUnixTimeSeconds(container.Created), container.Labels);

    /// <summary>Something that bears the mark of a creation.</summary>
    public Remnant Remnant(StaleKind kind, string id, string name, DateTimeOffset created, IReadOnlyDictionary<string, string> labels) => new()
    {
        Kind = kind,
        Id = id,
        Name = name,
        CreatedAt = created,
        Owner = labels.GetValueOrDefault(SandboxLabels.Owner),
        Maker = SandboxLabels.ReadMaker(labels),
        IsUsed = labels.GetValueOrDefault(SandboxLabels.ClaimedContainer) is { } claimed ? all.Any(one => one.Id == claimed) : _creations.Contains(labels.GetValueOrDefault(SandboxLabels.Creation, "")),
    };

    /// <summary>An image without a name.</summary>
    public Remnant Image(ImageSummary image) => new()
    {
        Kind = StaleKind.Image,
        Id = image.Id,
        Name = image.Id[..Math.Min(image.Id.Length, 19)],
        CreatedAt = DateTimeOffset.FromUnixTimeSeconds(image.Created),
        Owner = SandboxLabels.Read(image.Labels).GetValueOrDefault(SandboxLabels.Owner),
        Maker = SandboxLabels.ReadMaker(SandboxLabels.Read(image.Labels)),
        IsUsed = all.Any(one => one.ImageID == image.Id),
    };

    /// <summary>Whether a container other than the one that keeps it uses a volume.</summary>
    public bool Uses(string volume) => all.Any(one => one.Labels.GetValueOrDefault(SandboxLabels.Kind) != SandboxLabels.AgentKind && one.Mounts.Any(mount => mount.Name == volume));

    /// <summary>The containers that keep an agent's volume, by their names.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> AgentKeepers() =>
        all.Where(one => one.Labels.GetValueOrDefault(SandboxLabels.Kind) == SandboxLabels.AgentKind).DistinctBy(NameOf).ToDictionary(NameOf, one => DateTimeOffset.FromUnixTimeSeconds(one.Created));

    private static string NameOf(ContainerSummary container) => container.Names.Count == 0 ? container.Id : container.Names[0].TrimStart('/');

    // One that waits, or was claimed, is not this one's business; dead ones that nobody claimed are found by their name, which a claim changes.
    private static Remnant Member(ContainerSummary container) => new()
    {
        Kind = StaleKind.PoolMember,
        Id = container.Id,
        Name = NameOf(container),
        CreatedAt = DateTimeOffset.FromUnixTimeSeconds(container.Created),
        Owner = container.Labels.GetValueOrDefault(SandboxLabels.Owner),
        Maker = SandboxLabels.ReadMaker(container.Labels),
        IsUsed = container.State is not ("exited" or "dead" or "created") || !DockerClaims.BearsPoolName(container.Labels, NameOf(container)),
    };
}
