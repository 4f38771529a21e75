using FlourishaSandbox.Docker;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>
/// The container in which Traefik runs. On the host's own network it reaches every sandbox. On a network of its own it reaches those
/// alone whose own network it is put on: on networks that sandboxes share nothing reaches another container.
/// </summary>
/// <param name="client">The engine.</param>
internal sealed class TraefikContainer(DockerClient client)
{
    private const string ImageName = "traefik";
    private const string HostNetwork = "host";
    private const string HostRemedy = "Run Traefik with network_mode: host, or give the sandbox -Network Dedicated.";

    /// <summary>Finds the container that a sandbox's own network needs, before anything is made.</summary>
    /// <param name="specification">The sandbox.</param>
    /// <param name="observer">Hears what was found.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Its id; null where it needs none.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: Traefik would not reach the sandbox, or it is not clear which one is meant.</exception>
    public async Task<string?> FindForAsync(SandboxSpecification specification, OperationObserver observer, CancellationToken cancellationToken)
    {
        if (specification.Traefik is not { } route)
            return null;

        if (await FindAsync(route.Settings.Container, cancellationToken).ConfigureAwait(false) is not { } traefik)
        {
            observer.Verbose("The engine has no container of Traefik: it is taken to run on the engine's machine itself, from where it reaches every sandbox.");
            return null;
        }

        var name = traefik.Name.TrimStart('/');
        if (traefik.HostConfig.NetworkMode == HostNetwork)
        {
            observer.Verbose($"Traefik's container '{name}' is on the network of the engine's machine, from where it reaches every sandbox.");
            return null;
        }

        if (specification.Network != NetworkPolicy.Dedicated)
            throw InvalidOption.Create("Network", specification.Network, $"is one on which Traefik's container '{name}' does not reach sandboxes: no container reaches another there", HostRemedy);

        if (specification.Egress is not null)
            throw InvalidOption.Create("Routing", HostRouting.Traefik, $"would lead out of the sandbox past its list of hosts: Traefik's container '{name}' would have to be on its network, and leads to more than it", "Run Traefik with network_mode: host, or use -Routing Gateway.");

        observer.Verbose($"Traefik's container '{name}' is put on the sandbox's own network.");
        return traefik.Id;
    }

    /// <summary>Puts Traefik on the network of a sandbox again, where it was made anew since.</summary>
    /// <param name="network">The sandbox's own network.</param>
    /// <param name="container">Its container, as the settings named it when the sandbox was made; null to look for it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task AttachAgainAsync(NetworkInspection network, string? container, CancellationToken cancellationToken)
    {
        if (await FindAsync(container, cancellationToken).ConfigureAwait(false) is { } traefik && traefik.HostConfig.NetworkMode != HostNetwork
            && !traefik.NetworkSettings.Networks.Values.Any(one => one.NetworkID == network.Id))
            await client.Networks.ConnectAsync(network.Id, traefik.Id, settings: null, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ContainerInspection?> FindAsync(string? named, CancellationToken cancellationToken)
    {
        if (named is not null)
        {
            try
            {
                return await client.Containers.InspectAsync(named, cancellationToken).ConfigureAwait(false);
            }
            catch (DockerException e) when (e.IsNotFound)
            {
                throw InvalidOption.Create("traefik.container", named, "is no container on this engine", "Start it, correct the setting, or unset it to have it looked for.");
            }
        }

        var running = await client.Containers.ListAsync(all: false, filters: null, cancellationToken).ConfigureAwait(false);
        var found = running.Where(one => NameOf(one.Image) == ImageName && !SandboxMapping.IsSandbox(one.Labels) && !SandboxMapping.IsFromPool(one.Labels)).ToList();
        return found.Count switch
        {
            0 => null,
            1 => await client.Containers.InspectAsync(found[0].Id, cancellationToken).ConfigureAwait(false),
            _ => throw InvalidOption.Create("traefik.container", string.Join(", ", found.Select(one => one.Name)), "may all be meant", "Name one of them in the setting 'traefik.container'."),
        };
    }

    // Without registry, tag and digest.
    private static string NameOf(string image) => image.Split('@')[0].Split('/')[^1].Split(':')[0];
}
