using System.Net;

namespace FlourishaSandbox.Runtimes;

/// <summary>A sandbox's place on a network, and what is known of the engine.</summary>
/// <param name="Id">The network's id, as its name may be there twice for a moment; <c>none</c> for no network.</param>
/// <param name="GrantsOpenFiles">Whether the engine can grant a sandbox its limit of open files, as far as is known.</param>
/// <param name="Gateway">The engine's own address in the network; null where it has none.</param>
internal sealed record NetworkFacts(string Id, bool GrantsOpenFiles, IPAddress? Gateway)
{
    /// <summary>The network's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Traefik's container, which is to be on the sandbox's own network; null where that is not needed.</summary>
    public string? Traefik { get; init; }

    /// <summary>Whether the engine publishes ports from it. Not where there is no way out.</summary>
    public bool Publishes { get; init; } = true;

    /// <summary>The address that the sandbox is to have; null to let the engine choose.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>
    /// Whom the sandbox's resolver asks; null for whom the engine asks. Engines before 26 pass questions on even from networks without a way
    /// out, and a name that is asked for is a message.
    /// </summary>
    public IReadOnlyList<string>? Resolvers { get; init; }

    /// <summary>Variables by which programs find the proxy; empty where there is none.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
