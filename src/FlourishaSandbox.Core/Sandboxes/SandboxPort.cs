namespace FlourishaSandbox.Sandboxes;

/// <summary>A TCP port of a sandbox, and where the engine's machine publishes it.</summary>
/// <param name="Port">The port inside the sandbox, 1 to 65535.</param>
/// <param name="HostAddress">The address on which the engine's machine listens for it, such as 127.0.0.1; null while the sandbox does not run.</param>
/// <param name="HostPort">The port on which the engine's machine listens for it; null while the sandbox does not run.</param>
public sealed record SandboxPort(int Port, string? HostAddress, int? HostPort)
{
    /// <inheritdoc/>
    public override string ToString() => HostPort is null ? $"{Port}" : $"{HostPort}->{Port}";
}
