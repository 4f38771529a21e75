using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FlourishaSandbox.Host.Tests.Serving;

/// <summary>
/// The gateway's program, running: output/bin/docker-sandbox-gateway where no source is newer, else the plain build beside the tests. It is
/// ended as its users end it, and has to end well.
/// </summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private const int Terminate = 15;

    private readonly Process _process;
    private readonly List<string> _words;
    private bool _hasEnded;

    private GatewayProcess(Process process, int port, List<string> words) => (_process, Port, _words) = (process, port, words);

    /// <summary>The port that it listens on, on loopback.</summary>
    public int Port { get; }

    /// <summary>Its process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>What it has said so far.</summary>
    public string Words
    {
        get
        {
            lock (_words)
                return string.Join('\n', _words);
        }
    }

    /// <summary>Starts one on a free port, and waits until it serves.</summary>
    public static async Task<GatewayProcess> StartAsync(params string[] arguments)
    {
        var port = FindFreePort();
        var process = Launch(["--address", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture), .. arguments]);
        var words = new List<string>();
        while (await process.StandardError.ReadLineAsync(Limits.Token) is { } line)
        {
            words.Add(line);
            if (line.StartsWith("Serving ", StringComparison.Ordinal))
                break;
        }

        Assert.True(words.Count > 0 && words[^1].StartsWith("Serving ", StringComparison.Ordinal), $"it does not serve: {string.Join('\n', words)}");
        _ = ListenAsync(process.StandardError, words);
        return new GatewayProcess(process, port, words);
    }

    /// <summary>Runs it to an end that it has by itself.</summary>
    public static async Task<(int ExitCode, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Launch(arguments);
        var error = await process.StandardError.ReadToEndAsync(Limits.Token);
        await process.WaitForExitAsync(Limits.Token);
        return (process.ExitCode, error);
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Asks it to end.</summary>
    public void RequestEnd() => Assert.Equal(0, Kill(_process.Id, Terminate));

    /// <summary>Waits until it has ended; also where the test has had all of its time.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> AwaitEndAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(limit.Token);
        _hasEnded = true;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_hasEnded)
        {
            RequestEnd();
            Assert.Equal(0, await AwaitEndAsync());
        }

        _process.Dispose();
    }

    // What is not read fills the pipe, and then the program waits.
    private static async Task ListenAsync(StreamReader reader, List<string> words)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (words)
                words.Add(line);
        }
    }

    private static Process Launch(IEnumerable<string> arguments)
    {
        var staged = Path.Combine(Repository.Root, "output", "bin", "docker-sandbox-gateway");
        var start = File.Exists(staged) && File.GetLastWriteTimeUtc(staged) > Repository.NewestSource()
            ? new ProcessStartInfo(staged, arguments)
            : new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "docker-sandbox-gateway.dll"), .. arguments]);
        start.RedirectStandardOutput = start.RedirectStandardError = true;

        // What this machine's user has configured is no part of a test.
        start.Environment["FLOURISHA_CONFIG"] = start.Environment["FLOURISHA_MACHINE_CONFIG"] = Path.Combine(Path.GetTempPath(), "flourisha-no-such-file.json");
        return Process.Start(start)!;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
