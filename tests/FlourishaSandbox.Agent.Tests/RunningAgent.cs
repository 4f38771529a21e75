using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using FlourishaSandbox.Envd;

namespace FlourishaSandbox.Agent.Tests;

/// <summary>The agent as it is shipped, as an ordinary process on a port of its own.</summary>
public sealed class RunningAgent : IDisposable
{
    /// <summary>How long a test waits for what should take milliseconds, on a machine that does other things too.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _log = new();

    /// <summary>Starts an agent that asks for no token.</summary>
    public RunningAgent()
        : this(null, [])
    {
    }

    private RunningAgent(string? token, string[] options)
    {
        var program = Path.Combine(Repository.AgentFolder, "flourisha-agent");
        Assert.True(File.Exists(program), $"There is no {program}: build.sh makes it.");
        Port = FindPort();
        List<string> arguments = ["serve", "--port", Port.ToString(CultureInfo.InvariantCulture), "--address", "127.0.0.1"];
        if (token is not null)
            arguments.AddRange(["--token-sha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))]);

        var start = new ProcessStartInfo(program, arguments.Concat(options)) { RedirectStandardError = true, WorkingDirectory = "/tmp" };

        // An image may tune its own programs; that is not to reach the agent, which would not start with this.
        start.Environment["DOTNET_GCHeapHardLimit"] = "1";
        start.Environment["FROM_THE_IMAGE"] = "yes";
        start.Environment.Remove("TERM");
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
                _log.AppendLine(line.Data);
        };
        _process.BeginErrorReadLine();
        Http = new AgentHttp(new Uri($"http://127.0.0.1:{Port}/"), token);
        WaitUntilListening();
    }

    /// <summary>Its TCP port.</summary>
    public int Port { get; }

    /// <summary>Its number.</summary>
    public int Pid => _process.Id;

    /// <summary>What one can ask it.</summary>
    public AgentHttp Http { get; }

    /// <summary>What it wrote to standard error.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <summary>Starts an agent.</summary>
    public static RunningAgent Start(params string[] options) => new(null, options);

    /// <summary>Starts an agent that asks for a token.</summary>
    public static RunningAgent StartSecure(string token, params string[] options) => new(token, options);

    /// <summary>A TCP port on which nobody listens.</summary>
    public static int FindPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until something is so.</summary>
    public static Task WaitUntilAsync(Func<bool> isSo, string what) => WaitUntilAsync(() => Task.FromResult(isSo()), what);

    /// <summary>Waits until something is so.</summary>
    public static async Task WaitUntilAsync(Func<Task<bool>> isSo, string what)
    {
        for (var watch = Stopwatch.StartNew(); !await isSo(); await Task.Delay(10))
            Assert.True(watch.Elapsed < Patience, $"waited in vain: {what}");
    }

    /// <summary>Waits for its end.</summary>
    public async Task<int> WaitForExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>A line of its <c>/proc/PID/status</c>, in KiB.</summary>
    public long Memory(string name)
        => long.Parse(
            File.ReadLines($"/proc/{Pid}/status").Single(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split(':')[1].Replace("kB", "", StringComparison.Ordinal).Trim(),
            CultureInfo.InvariantCulture);

    /// <summary>Sends it a signal.</summary>
    public void Signal(string name) => Process.Start("kill", [$"-{name}", Pid.ToString(CultureInfo.InvariantCulture)]).WaitForExit();

    /// <summary>Ends it with all that it started.</summary>
    public void Dispose()
    {
        Http.Dispose();
        if (!_process.HasExited)
            Signal("TERM");

        if (!_process.WaitForExit(Patience))
            _process.Kill();

        _process.Dispose();
    }

    private void WaitUntilListening()
    {
        using var client = new HttpClient();
        for (var watch = Stopwatch.StartNew(); ; Thread.Sleep(2))
        {
            try
            {
                using var response = client.GetAsync(new Uri($"http://127.0.0.1:{Port}{EnvdRoutes.Health}")).GetAwaiter().GetResult();
                return;
            }
            catch (HttpRequestException exception) when (watch.Elapsed < Patience && !_process.HasExited)
            {
                _ = exception; // It does not listen yet.
            }
        }
    }
}
