using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace FlourishaSandbox.Core.Tests.Docker;

/// <summary>A server of Debian's that is started for a test and asked to end afterwards.</summary>
internal sealed class TestDaemon : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _log;

    private TestDaemon(Process process, string log)
    {
        _process = process;
        _log = log;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The first of the paths that exists; null where none does.</summary>
    public static string? Find(params string[] paths) => Array.Find(paths, File.Exists);

    public static TestDaemon Start(string log, string program, params string[] arguments)
    {
        // The shell gives it a file for its output and is gone.
        var process = Process.Start("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log, program, .. arguments]);
        return new TestDaemon(process, log);
    }

    /// <summary>Waits until the probe is true.</summary>
    public async Task UntilAsync(Func<Task<bool>> probe)
    {
        for (var deadline = DateTime.UtcNow.AddMinutes(1); !await probe(); await Task.Delay(50))
        {
            if (_process.HasExited || DateTime.UtcNow > deadline)
                Assert.Fail($"the server does not answer; it says: {(File.Exists(_log) ? File.ReadAllText(_log) : "nothing")}");
        }
    }

    public static async Task<bool> AcceptsAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using (_process)
        {
            if (!_process.HasExited)
            {
                using (var kill = Process.Start("/bin/kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
                    await kill.WaitForExitAsync();
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(40));
                try
                {
                    await _process.WaitForExitAsync(limit.Token);
                }
                catch (OperationCanceledException)
                {
                    _process.Kill(entireProcessTree: true);
                    await _process.WaitForExitAsync();
                }
            }
        }
    }
}
