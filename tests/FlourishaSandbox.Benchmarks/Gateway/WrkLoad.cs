using System.Globalization;

namespace FlourishaSandbox.Benchmarks.Gateway;

/// <summary>wrk, asking sandboxes by their names.</summary>
internal sealed class WrkLoad
{
    private const int Threads = 2;
    private const string Duration = "3s";

    private readonly string _wrk;
    private readonly string _script;

    /// <summary>Prepares to ask all in turn.</summary>
    public WrkLoad(string wrk, string folder, IReadOnlyList<ServedSandbox> servers)
    {
        _wrk = wrk;
        _script = Path.Combine(folder, "all.lua");
        var hosts = string.Join(", ", servers.Select(server => $"\"{server.Host}\""));
        File.WriteAllText(_script, $$"""
            local requests, at = {}, 0
            function init(args)
              for i, host in ipairs({ {{hosts}} }) do requests[i] = wrk.format("GET", "/", { Host = host }) end
            end
            function request()
              at = at % #requests + 1
              return requests[at]
            end
            """);
    }

    /// <summary>Asks a proxy.</summary>
    /// <param name="port">Its port.</param>
    /// <param name="connections">By how many connections.</param>
    /// <param name="server">For which sandbox; null for all in turn.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<WrkResult> RunAsync(int port, int connections, ServedSandbox? server, CancellationToken cancellationToken) =>
        RunAsync(connections, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"), server is null ? ["-s", _script] : ["-H", $"Host: {server.Host}"], cancellationToken);

    /// <summary>Asks a sandbox by its own address, by one connection.</summary>
    public Task<WrkResult> RunDirectlyAsync(ServedSandbox server, CancellationToken cancellationToken) =>
        RunAsync(1, string.Create(CultureInfo.InvariantCulture, $"http://{server.Address}:{ServedSandbox.Port}/"), [], cancellationToken);

    private async Task<WrkResult> RunAsync(int connections, string url, string[] what, CancellationToken cancellationToken) =>
        WrkResult.Parse(await Tool.RunAsync(_wrk, ["-t", Math.Min(Threads, connections).ToString(CultureInfo.InvariantCulture), "-c", connections.ToString(CultureInfo.InvariantCulture), "-d", Duration, "--latency", .. what, url], cancellationToken));
}
