using FlourishaSandbox.Envd;
using FlourishaSandbox.Images;
using FlourishaSandbox.Networks;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Hosting;

/// <summary>What is refused of ways to sandboxes before anything is made.</summary>
internal static class RoutingRules
{
    /// <summary>Checks what can be checked before an image is there.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>.</exception>
    public static void Validate(SandboxOptions options, SandboxSettings settings)
    {
        if (options.Private && options.Routing != HostRouting.Gateway)
            throw InvalidOption.Create("Routing", options.Routing, "asks nobody for a token, and the sandbox is to be private", "Give -Routing Gateway beside -Private: only the gateway keeps it.");

        if (options.Routing != HostRouting.Traefik)
            return;

        _ = TraefikRoute.From(settings);
        if (NetworkRules.PolicyFor(options) == NetworkPolicy.None)
            throw InvalidOption.Create("Routing", options.Routing, "leads to no sandbox without a network", "Give -Network Internal beside it: no way out, but a way in from the engine's machine.");
    }

    /// <summary>Checks the rest.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>.</exception>
    public static void Validate(SandboxOptions options, IReadOnlyCollection<int> ports, SandboxImage image)
    {
        if (options.Routing != HostRouting.Traefik)
            return;

        if (ports.Count == 0)
            throw InvalidOption.Create("Routing", options.Routing, "leads to ports that are named when a sandbox is made, and none is", "Name them with -Port, or use -Routing Port or -Routing Gateway, which reach every port.");

        if (ports.Contains(EnvdProtocol.Port))
            throw InvalidOption.Create("Port", EnvdProtocol.Port, "is the agent's own, and Traefik would lead everybody to it", $"Leave it out: Get-SandboxHost gives its address, and the token, where port {EnvdProtocol.Port} is asked for.");

        // A container has its image's labels too. These would lead whatever names they like to it, and cannot be taken away.
        if (image.TraefikLabel is { } label)
            throw InvalidOption.Create("Image", image.Name, $"bears labels for Traefik itself, such as {Printable.Line(label)}, which would count beside the sandbox's own", "Use an image without them, or -Routing Gateway.");
    }
}
