namespace FlourishaSandbox.Envd.Http;

/// <summary>What listens in a sandbox.</summary>
/// <param name="Ports">By port; at most 256.</param>
public sealed record PortList(IReadOnlyList<PortListener> Ports);

/// <summary>A process that waits for connections.</summary>
public sealed record PortListener
{
    /// <summary>The TCP port.</summary>
    public int Port { get; init; }

    /// <summary>The address: <c>0.0.0.0</c>, <c>::</c>, or one that is reached from inside only, such as <c>127.0.0.1</c>.</summary>
    public string Address { get; init; } = "";

    /// <summary>The process's number; null where its files cannot be looked at, as it is another user's.</summary>
    public int? Pid { get; init; }

    /// <summary>What the process calls itself, at most 15 bytes.</summary>
    public string? Name { get; init; }

    /// <summary>The number of the process that a client started and from which it descends; null where there is none.</summary>
    public int? Process { get; init; }
}
