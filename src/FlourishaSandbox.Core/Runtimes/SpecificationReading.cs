using System.Net;
using FlourishaSandbox.Agents;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>What a container was made from, read back from it.</summary>
internal static class SpecificationReading
{
    /// <summary>The specification of a sandbox that is like another one.</summary>
    /// <param name="container">The other one's container.</param>
    /// <param name="sandbox">The other one.</param>
    /// <param name="image">Its image; null where the engine has it no more under its id.</param>
    public static SandboxSpecification Read(ContainerInspection container, Sandbox sandbox, ImageInspection? image)
    {
        var words = container.Config.Cmd?.ToList() ?? [];
        var separator = words.IndexOf("--");
        return new SandboxSpecification
        {
            Name = sandbox.Name,
            Template = sandbox.Template,
            Image = sandbox.Image,
            Platform = image is null ? ("linux", "amd64") : (image.Os, image.Architecture),
            StartCommand = sandbox.AgentVersion is not null && separator >= 0 ? words[(separator + 1)..] : [],
            Owner = sandbox.Owner,
            CreatedAt = sandbox.CreatedAt,
            Timeout = sandbox.Lifetime,
            OnTimeout = sandbox.OnTimeout,
            Routing = sandbox.Routing,
            Private = sandbox.Private,
            Isolation = sandbox.Isolation,
            Network = sandbox.Network,
            AllowHosts = sandbox.AllowHosts,
            DenyHosts = sandbox.DenyHosts,
            Runtime = sandbox.Runtime,
            Limits = sandbox.Limits,
            User = sandbox.User,
            WorkingDirectory = sandbox.WorkingDirectory,
            Environment = ReadEnvironment(container, hasProxy: sandbox.AllowHosts.Count + sandbox.DenyHosts.Count > 0),
            GivenVariables = SandboxLabels.ReadVariables(SandboxLabels.Read(container.Config.Labels)),
            Metadata = sandbox.Metadata,
            Ports = [.. sandbox.Ports.Select(port => port.Port)],
            PublishAddress = container.HostConfig.PortBindings?.Values.SelectMany(bindings => bindings ?? []).FirstOrDefault()?.HostIp is { Length: > 0 } address ? address : "127.0.0.1",
            Capabilities = container.HostConfig.CapAdd ?? [],
            Volumes = [.. (container.HostConfig.Mounts ?? []).Where(IsGiven).Select(mount => SandboxVolume.Parse($"{(mount.Type == "bind" ? "host:" : "")}{mount.Source}:{mount.Target}:{(mount.ReadOnly == true ? "ro" : "rw")}"))],
        };
    }

    // The agent's volume is brought anew, and what has no source is a file system in memory, which is the isolation's.
    private static bool IsGiven(Mount mount) => mount is { Type: "volume" or "bind", Source: not null } && mount.Target != AgentConnection.Folder;

    private static Dictionary<string, string> ReadEnvironment(ContainerInspection container, bool hasProxy)
    {
        // The other one's proxy is its own; this one gets one.
        IReadOnlyCollection<string> others = hasProxy ? EgressProxies.Variables(IPAddress.None).Keys : [];
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in container.Config.Env)
        {
            var equals = variable.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && !others.Contains(variable[..equals]))
                variables[variable[..equals]] = variable[(equals + 1)..];
        }

        return variables;
    }
}
