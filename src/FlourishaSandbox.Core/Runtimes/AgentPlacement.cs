namespace FlourishaSandbox.Runtimes;

/// <summary>How a sandbox gets its agent.</summary>
/// <param name="Version">The agent's version.</param>
/// <param name="Volume">The volume that holds its program.</param>
/// <param name="TokenHash">The SHA-256 of its token, as hexadecimal digits.</param>
/// <param name="Publish">Whether its port is published on the loopback address of the engine's machine, because this machine does not reach containers themselves.</param>
internal sealed record AgentPlacement(string Version, string Volume, string TokenHash, bool Publish);
