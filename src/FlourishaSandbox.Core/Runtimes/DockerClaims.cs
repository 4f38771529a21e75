using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Runtimes;

/// <summary>
/// Who claimed which container of a pool. A container's labels cannot change, so a claim is a volume of its own, empty, whose labels are
/// those that the sandbox would have had if it had been made anew. Creating a volume is atomic on an engine, and gives the labels of the one
/// that is there already: by them everybody sees who was first. It outlives a stop of the sandbox, and goes with it.
/// </summary>
/// <param name="client">The engine.</param>
internal sealed class DockerClaims(DockerClient client)
{
    private const string Prefix = "flourisha-claim-";
    private const int IdLength = 12;

    /// <summary>Claims a container.</summary>
    /// <param name="id">The container.</param>
    /// <param name="labels">What is to be known of it.</param>
    /// <param name="cancellationToken">Ends the wait; the engine may have written it down all the same.</param>
    /// <returns>False where somebody else was first.</returns>
    public async Task<bool> TryTakeAsync(string id, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        var nonce = Guid.NewGuid().ToString("N");
        var claim = new Dictionary<string, string>(labels)
        {
            [SandboxLabels.Kind] = SandboxLabels.ClaimKind,
            [SandboxLabels.Claim] = nonce,
            [SandboxLabels.ClaimedContainer] = id,
        };
        var volume = await client.Volumes.CreateAsync(new VolumeCreateRequest { Name = NameFor(id), Labels = claim }, cancellationToken).ConfigureAwait(false);
        return volume.Labels.GetValueOrDefault(SandboxLabels.Claim) == nonce;
    }

    /// <summary>What was written down when a container was claimed; null where it was not.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> FindAsync(string id, CancellationToken cancellationToken) =>
        await client.Volumes.InspectAsync(NameFor(id), cancellationToken).ConfigureAwait(false) is { } volume && volume.Labels.GetValueOrDefault(SandboxLabels.ClaimedContainer) == id ? volume.Labels : null;

    /// <summary>The claims of all containers, by their ids; also of those that are gone.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> ListAsync(CancellationToken cancellationToken)
    {
        var filters = new DockerFilters().Add("label", $"{SandboxLabels.Kind}={SandboxLabels.ClaimKind}");
        var claims = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var volume in await client.Volumes.ListAsync(filters, cancellationToken).ConfigureAwait(false))
            claims[volume.Labels.GetValueOrDefault(SandboxLabels.ClaimedContainer, "")] = volume.Labels;

        return claims;
    }

    /// <summary>Forgets a claim, once its container is gone.</summary>
    public Task RemoveAsync(string id, CancellationToken cancellationToken) => client.Volumes.RemoveAsync(NameFor(id), force: true, cancellationToken);

    /// <summary>
    /// The container as the sandbox that it was claimed as. As long as it bears the name that it waited under, the claim is not finished, and
    /// it has not begun to be anybody's.
    /// </summary>
    /// <param name="container">The container.</param>
    /// <param name="claim">Its claim.</param>
    public static ContainerInspection Apply(ContainerInspection container, IReadOnlyDictionary<string, string> claim)
    {
        var labels = new Dictionary<string, string>(container.Config.Labels);
        labels.Remove(SandboxLabels.Deadline); // a claim may be for good
        foreach (var (key, value) in claim)
            labels[key] = value;

        labels[SandboxLabels.Kind] = SandboxLabels.SandboxKind;
        var isUnfinished = container.Name.TrimStart('/') == container.Config.Labels.GetValueOrDefault(SandboxLabels.Name) && container.State.Running;
        return container with
        {
            Config = container.Config with { Labels = labels },
            State = isUnfinished ? container.State with { Status = "created" } : container.State,
        };
    }

    /// <summary>Whether a container waits in a pool, going by its own labels and name: once it is claimed it gets another name.</summary>
    public static bool BearsPoolName(IReadOnlyDictionary<string, string> labels, string name) => name.TrimStart('/') == labels.GetValueOrDefault(SandboxLabels.Name);

    private static string NameFor(string id) => Prefix + id[..Math.Min(id.Length, IdLength)];
}
