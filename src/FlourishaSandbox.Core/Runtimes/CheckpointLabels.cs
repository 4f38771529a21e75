using System.Globalization;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Images;
using FlourishaSandbox.Sandboxes;
using FlourishaSandbox.Sessions;

namespace FlourishaSandbox.Runtimes;

/// <summary>What the labels of an image of a sandbox's files say.</summary>
internal static class CheckpointLabels
{
    /// <summary>The repository of all checkpoints; the tag is the name.</summary>
    public const string Repository = "flourisha-checkpoint";

    private const string OwnPrefix = "flourisha.";
    private const string Name = "flourisha.checkpoint";
    private const string Source = "flourisha.source";
    private const string Ports = "flourisha.ports";

    /// <summary>The labels of an image. It inherits the container's, so those are taken back that say something about the sandbox.</summary>
    /// <param name="container">The sandbox's container.</param>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="checkpoint">What it is to be found by; null for one that only copies are made from.</param>
    /// <param name="creation">The making's own mark.</param>
    public static Dictionary<string, string> Write(ContainerInspection container, Sandbox sandbox, CheckpointLabel? checkpoint, string creation)
    {
        var labels = container.Config.Labels.Keys.Where(key => key.StartsWith(OwnPrefix, StringComparison.Ordinal)).ToDictionary(key => key, _ => SandboxLabels.Gone);
        labels[SandboxLabels.Kind] = checkpoint is null ? SandboxLabels.ForkKind : SandboxLabels.CheckpointKind;
        labels[SandboxLabels.Creation] = creation;
        labels[SandboxLabels.Owner] = checkpoint?.Owner ?? sandbox.Owner;
        (labels[SandboxLabels.Session], labels[SandboxLabels.Process]) = (SessionRecords.Maker.Session, SessionRecords.Maker.Process);
        if (checkpoint is null)
            return labels;

        labels[Name] = checkpoint.Name;
        labels[Source] = sandbox.Name;
        labels[SandboxLabels.Created] = SandboxLabels.Write(checkpoint.CreatedAt);
        labels[Ports] = string.Join(',', sandbox.Ports.Select(port => port.Port));
        if (sandbox.Template is not null)
            labels[SandboxLabels.Template] = sandbox.Template;

        return labels;
    }

    /// <summary>The checkpoint that an image is.</summary>
    /// <param name="inherited">Its labels.</param>
    /// <param name="image">The image, under the checkpoint's name.</param>
    public static SandboxCheckpoint Read(IReadOnlyDictionary<string, string> inherited, SandboxImage image)
    {
        var labels = SandboxLabels.Read(inherited);
        return new SandboxCheckpoint
        {
            Name = image.Name[(Repository.Length + 1)..],
            Source = labels.GetValueOrDefault(Source, ""),
            Template = labels.GetValueOrDefault(SandboxLabels.Template),
            Owner = SandboxLabels.ReadOwner(labels),
            CreatedAt = SandboxLabels.ReadCreated(labels) ?? image.CreatedAt,
            Ports = [.. labels.GetValueOrDefault(Ports, "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(port => int.Parse(port, CultureInfo.InvariantCulture))],
            Image = image,
        };
    }
}
