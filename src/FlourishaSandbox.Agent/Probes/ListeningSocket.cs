using System.Net;

namespace FlourishaSandbox.Agent.Probes;

/// <summary>A socket on which a process waits for connections.</summary>
/// <param name="Address">The address.</param>
/// <param name="Port">The port.</param>
/// <param name="Inode">The kernel's number for it, by which it is recognised among a process's open files.</param>
internal sealed record ListeningSocket(IPAddress Address, ushort Port, string Inode);
