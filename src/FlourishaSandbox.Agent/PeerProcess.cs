using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using FlourishaSandbox.Agent.Native;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace FlourishaSandbox.Agent;

/// <summary>The process at the other end of the local socket, as the kernel remembers it from the moment of connecting.</summary>
/// <param name="pid">Its number; 0 for one that is outside of our view.</param>
internal sealed class PeerProcess(int pid)
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int CredentialsLength = 12;

    /// <summary>Finds it.</summary>
    /// <param name="context">A request.</param>
    /// <returns>The process; null where the request came over TCP.</returns>
    public static PeerProcess? Of(HttpContext context)
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is not { AddressFamily: AddressFamily.Unix } socket)
            return null;

        var credentials = new byte[CredentialsLength];
        return socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) == CredentialsLength
            ? new PeerProcess(BinaryPrimitives.ReadInt32LittleEndian(credentials))
            : null;
    }

    /// <summary>
    /// Whether the engine started it: its parent is outside of our namespace, nobody traces it, and it runs a program that nobody here
    /// may read (this one), so that nobody can speak through it.
    /// </summary>
    /// <param name="uid">Our own user.</param>
    /// <returns>Whether it did.</returns>
    public bool IsFromEngine(int uid)
    {
        if (pid <= 0)
            return false;

        try
        {
            var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}");
            var status = File.ReadAllLines($"{folder}/status");
            return Field(status, "PPid:") == "0" && Field(status, "TracerPid:") == "0" && (uid == 0 || IsUnreadable(folder));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has gone. Whoever it was, there is nobody to tell.
            return false;
        }
    }

    /// <summary>The kernel gives the files of a process that may not be looked into to root; its folder it does not.</summary>
    private static bool IsUnreadable(string folder) => FlourishaNative.Owner($"{folder}/status") == 0;

    private static string? Field(string[] status, string name)
        => Array.Find(status, line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim();
}
