using System.Net;
using System.Net.Sockets;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Isolation;

/// <summary>Listens on this machine as a service would, and tells whether anybody came. It says nothing to whoever comes.</summary>
internal sealed class HostListener : IDisposable
{
    private readonly TcpListener _listener;

    /// <summary>Listens at an address, on a free port.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.EngineFailed"/>: this machine cannot listen there.</exception>
    public HostListener(IPAddress address)
    {
        _listener = new TcpListener(address, 0);
        try
        {
            _listener.Start();
        }
        catch (SocketException e)
        {
            throw new SandboxException(SandboxError.EngineFailed, $"This machine cannot listen at {address}: {e.Message}", address.ToString(), innerException: e);
        }
    }

    /// <summary>The port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether anybody is connected who was not asked about before.</summary>
    public bool HasCaller()
    {
        if (!_listener.Pending())
            return false;

        using var caller = _listener.AcceptSocket();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();
}
