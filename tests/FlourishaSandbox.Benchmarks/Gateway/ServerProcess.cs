using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FlourishaSandbox.Benchmarks.Gateway;

/// <summary>A server of this machine, as a process of its own on a free port of loopback. It is killed when it is disposed.</summary>
/// <param name="process">Its process.</param>
/// <param name="port">Its port.</param>
internal sealed class ServerProcess(Process process, int port) : IAsyncDisposable
{
    /// <summary>Its port.</summary>
    public int Port { get; } = port;

    /// <summary>Starts one, and waits until it takes connections.</summary>
    /// <param name="program">Its program.</param>
    /// <param name="arguments">Its arguments for a port.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ServerProcess> StartAsync(string program, Func<int, IReadOnlyList<string>> arguments, CancellationToken cancellationToken)
    {
        var port = FindFreePort();
        var process = Process.Start(new ProcessStartInfo(program, arguments(port))) ?? throw new InvalidOperationException($"{program} cannot be started.");
        var server = new ServerProcess(process, port);
        while (!await AnswersAsync(port, cancellationToken))
        {
            if (process.HasExited)
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{program} ended with {process.ExitCode}."));

            await Task.Delay(20, cancellationToken);
        }

        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false; // not yet
        }
    }
}
