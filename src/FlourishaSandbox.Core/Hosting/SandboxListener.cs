using System.Net;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Hosting;

/// <summary>A port on which a process in a sandbox waits for connections, as it was when it was asked for. The sandbox says so, and may lie.</summary>
public sealed record SandboxListener
{
    /// <summary>The sandbox.</summary>
    public required Sandbox Sandbox { get; init; }

    /// <summary>The TCP port inside it.</summary>
    public required int Port { get; init; }

    /// <summary>The address there: <c>0.0.0.0</c> and <c>::</c> for all.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Whether it can be reached from outside of the sandbox: it is not its loopback address.</summary>
    public bool IsReachable => !IPAddress.IsLoopback(Address);

    /// <summary>The process's number in the sandbox; null where it is another user's, and cannot be told.</summary>
    public int? ProcessId { get; init; }

    /// <summary>What the process calls itself; null where it cannot be told.</summary>
    public string? ProcessName { get; init; }

    /// <summary>The number of the process that was started in the sandbox and to whose tree it belongs; null for none.</summary>
    public int? StartedProcessId { get; init; }

    /// <summary>The port.</summary>
    /// <returns><see cref="Address"/> and <see cref="Port"/>.</returns>
    public override string ToString() => new IPEndPoint(Address, Port).ToString();
}
