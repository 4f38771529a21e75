using System.Globalization;
using FlourishaSandbox.Benchmarks.Gateway;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Benchmarks.Benchmarks;

/// <summary>
/// The gateway beside nginx as a proxy, by wrk: to one sandbox, and to fifty of them while others come and go and a socket is held. What serves
/// in the sandboxes is nginx too, so that it is not what is measured.
/// </summary>
internal sealed class GatewayBenchmark : Benchmark
{
    private const int Sandboxes = 50;
    private const int Connections = 200;
    private const double RatioToNginx = 2;
    private const double AddedMicroseconds = 1000;
    private const int StartParallelism = 4;

    /// <inheritdoc/>
    public override string Name => "gateway";

    /// <inheritdoc/>
    public override async Task RunAsync(Laboratory laboratory, Report report, CancellationToken cancellationToken)
    {
        if (Tool.Find("wrk") is not { } wrk || NginxProxy.Program is not { } nginx || laboratory.GatewayProgram is not { } program)
        {
            report.LeaveOut("the gateway", "it takes wrk, nginx and output/bin/docker-sandbox-gateway; './build.sh bench --only gateway' gets them where it may");
            return;
        }

        Progress.Say($"gateway: {Sandboxes} sandboxes with a server in each");
        var count = laboratory.Options.Quick ? Sandboxes / 5 : Sandboxes;
        var servers = new ServedSandbox[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = StartParallelism, CancellationToken = cancellationToken }, async (i, token) => servers[i] = await ServedSandbox.CreateAsync(laboratory, nginx, token));

        await using var gateway = await ServerProcess.StartAsync(program, port => ["--port", Text(port)], cancellationToken);
        await using var proxy = await NginxProxy.StartAsync(nginx, laboratory.Folder, servers, cancellationToken);
        var load = new WrkLoad(wrk, laboratory.Folder, servers);

        await MeasureOneAsync(laboratory, report, load, gateway, proxy, servers[0], cancellationToken);
        await MeasureManyAsync(laboratory, report, load, gateway, proxy, servers, cancellationToken);
        await Task.WhenAll(servers.Select(server => laboratory.RemoveAsync(server.Sandbox, cancellationToken)));
    }

    private static async Task MeasureOneAsync(Laboratory laboratory, Report report, WrkLoad load, ServerProcess gateway, ServerProcess proxy, ServedSandbox server, CancellationToken cancellationToken)
    {
        var (ours, theirs, direct, added) = (new Series("µs"), new Series("µs"), new Series("µs"), new Series("µs"));
        var rounds = laboratory.Options.Rounds(5);
        Progress.Say($"gateway: {rounds} rounds of one sandbox, by turns through the gateway, through nginx, and directly");
        for (var round = 0; round < rounds; round++)
        {
            ours.Add((await load.RunAsync(gateway.Port, Connections, server, cancellationToken)).MicrosecondsPerRequest);
            theirs.Add((await load.RunAsync(proxy.Port, Connections, server, cancellationToken)).MicrosecondsPerRequest);
            var straight = await load.RunDirectlyAsync(server, cancellationToken);
            direct.Add(straight.MedianMicroseconds);
            added.Add((await load.RunAsync(gateway.Port, 1, server, cancellationToken)).MedianMicroseconds - straight.MedianMicroseconds);
        }

        report.Add(new Row($"gateway, a request of {Connections} at once, 1 sandbox", ours) { Against = "nginx", Other = theirs, RatioLimit = RatioToNginx });
        report.Add(new Row("gateway, added to a request that is alone", added) { Against = "all of it, without", Other = direct, Limit = AddedMicroseconds });
    }

    private static async Task MeasureManyAsync(Laboratory laboratory, Report report, WrkLoad load, ServerProcess gateway, ServerProcess proxy, ServedSandbox[] servers, CancellationToken cancellationToken)
    {
        var (ours, theirs) = (new Series("µs"), new Series("µs"));
        var rounds = laboratory.Options.Rounds(5);
        Progress.Say($"gateway: {rounds} rounds of {servers.Length} sandboxes, while others come and go");
        await using var socket = await HeldSocket.OpenAsync(laboratory, gateway.Port, cancellationToken);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var comings = ComeAndGoAsync(laboratory, done.Token);
        for (var round = 0; round < rounds; round++)
        {
            ours.Add((await load.RunAsync(gateway.Port, Connections, server: null, cancellationToken)).MicrosecondsPerRequest);
            theirs.Add((await load.RunAsync(proxy.Port, Connections, server: null, cancellationToken)).MicrosecondsPerRequest);
        }

        await done.CancelAsync();
        Progress.Say($"gateway: {await comings} sandboxes came and went; the socket carried {await socket.CloseAsync()} messages");
        report.Add(new Row($"gateway, a request of {Connections} at once, {servers.Length} sandboxes", ours) { Against = "nginx", Other = theirs, RatioLimit = RatioToNginx });
    }

    private static async Task<int> ComeAndGoAsync(Laboratory laboratory, CancellationToken done)
    {
        for (var count = 0; ; count++)
        {
            // Whole ones: what is begun is not broken off.
            await laboratory.RemoveAsync(await laboratory.CreateAsync(CancellationToken.None), CancellationToken.None);
            if (done.IsCancellationRequested)
                return count + 1;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
