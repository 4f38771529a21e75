using FlourishaSandbox.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>Agents of other versions, each with its volume, its image and the container that keeps the volume.</summary>
internal static class RemainingAgents
{
    private const string ImagePrefix = "flourisha-agent:";
    private const string Prefix = "flourisha-agent-";

    /// <summary>Finds them.</summary>
    /// <param name="containers">All containers.</param>
    /// <param name="volumes">Our volumes.</param>
    /// <param name="images">Our images.</param>
    /// <param name="current">The names of those that this machine would bring.</param>
    public static IEnumerable<Remnant> Find(RemainingContainers containers, IEnumerable<VolumeInspection> volumes, IEnumerable<ImageSummary> images, HashSet<string> current)
    {
        var keepers = containers.AgentKeepers();
        var parts = keepers.Select(keeper => (Name: keeper.Key, Created: keeper.Value))
            .Concat(volumes.Where(volume => volume.Labels.GetValueOrDefault(SandboxLabels.Kind) == SandboxLabels.AgentKind).Select(volume => (volume.Name, Created: volume.CreatedAt ?? DateTimeOffset.UnixEpoch)))
            .Concat(from image in images
                    where image.Labels.GetValueOrDefault(SandboxLabels.Kind) == SandboxLabels.AgentKind
                    from tag in image.RepoTags
                    where tag.StartsWith(ImagePrefix, StringComparison.Ordinal)
                    select (Name: Prefix + tag[ImagePrefix.Length..], Created: DateTimeOffset.FromUnixTimeSeconds(image.Created)));
        return from part in parts
               where part.Name.StartsWith(Prefix, StringComparison.Ordinal)
               group part.Created by part.Name into agent
               where !current.Contains(agent.Key)
               select new Remnant { Kind = StaleKind.Agent, Id = agent.Key, Name = agent.Key, CreatedAt = agent.Max(), IsUsed = containers.Uses(agent.Key) };
    }
}
