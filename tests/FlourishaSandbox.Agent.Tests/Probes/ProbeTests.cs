using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using FlourishaSandbox.Agent.Probes;
using FlourishaSandbox.Agent.Tests.Files;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Http;

namespace FlourishaSandbox.Agent.Tests.Probes;

public sealed class ProbeTests(FileAgent agent) : IClassFixture<FileAgent>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flourisha-probes-");

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<PortState> AskAsync(int port, int wait = 0) => (await agent.Http.GetFromJsonAsync($"{EnvdRoutes.Port}?port={port}&timeoutMs={wait}", EnvdJson.Default.PortState))!;

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    [Fact]
    public async Task A_port_that_is_listened_on_is_found_with_its_address()
    {
        using var local = new TcpListener(IPAddress.Loopback, 0);
        local.Start();
        var port = ((IPEndPoint)local.LocalEndpoint).Port;
        Assert.Equal(new PortState(true, "127.0.0.1"), await AskAsync(port));

        using var all = new TcpListener(IPAddress.Any, 0);
        all.Start();
        Assert.Equal(new PortState(true, "0.0.0.0"), await AskAsync(((IPEndPoint)all.LocalEndpoint).Port));

        using var six = new TcpListener(IPAddress.IPv6Any, 0);
        six.Start();
        Assert.Equal(new PortState(true, "::"), await AskAsync(((IPEndPoint)six.LocalEndpoint).Port));
    }

    [Fact]
    public async Task A_port_is_waited_for_as_long_as_asked()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var clock = Stopwatch.StartNew();
        Assert.Equal(new PortState(false, null), await AskAsync(port, 300));
        Assert.InRange(clock.ElapsedMilliseconds, 290, 10_000);

        var waiting = AskAsync(port, 30_000);
        await Task.Delay(200);
        Assert.False(waiting.IsCompleted);
        using var late = new TcpListener(IPAddress.Loopback, port);
        late.Start();
        Assert.True((await waiting).Listening);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?port=0")]
    [InlineData("?port=65536")]
    [InlineData("?port=x")]
    [InlineData("?port=80&timeoutMs=-1")]
    [InlineData("?port=80&timeoutMs=600001")]
    public async Task A_question_without_sense_is_refused(string query)
    {
        using var response = await agent.Http.GetAsync(EnvdRoutes.Port + query);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalid_argument", (await response.Content.ReadFromJsonAsync(EnvdJson.Default.ConnectError))!.Code);
    }

    [Theory]
    [InlineData("   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0", "127.0.0.1")]
    [InlineData("   1: 0201A8C0:1F90 00000000:0000 0A 0", "192.168.1.2")]
    [InlineData("   2: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A 0", "127.0.0.1")]
    [InlineData("   3: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 0", "::1")]
    [InlineData("   4: 0100007F:1F90 0100007F:A000 01 0", null)]
    [InlineData("   5: 0100007F:1F91 00000000:0000 0A 0", null)]
    [InlineData("  sl  local_address rem_address   st tx_queue", null)]
    [InlineData("", null)]
    public void The_kernels_table_is_read(string line, string? address) => Assert.Equal(address, ListeningPorts.Parse(line, 8080)?.ToString());

    [Fact]
    public async Task What_is_used_is_measured()
    {
        var first = (await agent.Http.GetFromJsonAsync(EnvdRoutes.Metrics, EnvdJson.Default.AgentMetrics))!;
        Assert.InRange(first.CpuCount, 1, Environment.ProcessorCount);
        Assert.InRange(first.CpuLimit, 0.01, Environment.ProcessorCount);
        Assert.InRange(first.MemoryTotal, 1 << 20, long.MaxValue);
        Assert.InRange(first.MemoryUsed, 1, first.MemoryTotal);
        Assert.Equal((first.MemoryTotal >> 20, first.MemoryUsed >> 20), (first.MemoryTotalMib, first.MemoryUsedMib));
        Assert.InRange(first.DiskUsed, 1, first.DiskTotal);
        Assert.InRange(first.Processes, 2, int.MaxValue);
        Assert.InRange(Math.Abs(first.Timestamp - DateTimeOffset.UtcNow.ToUnixTimeSeconds()), 0, 5);

        var clock = Stopwatch.StartNew();
        while (clock.ElapsedMilliseconds < 200)
            continue;

        var second = (await agent.Http.GetFromJsonAsync(EnvdRoutes.Metrics, EnvdJson.Default.AgentMetrics))!;
        Assert.InRange(second.CpuTimeMicroseconds - first.CpuTimeMicroseconds, 1, long.MaxValue);
        Assert.InRange(second.CpuUsedPercent, 0.01, 100);
    }

    [Fact]
    public void Version_two_of_control_groups_is_read()
    {
        Write("cpu.stat", "usage_usec 1234567\nuser_usec 1\n");
        Write("cpu.max", "150000 100000\n");
        Write("memory.max", "536870912\n");
        Write("memory.current", "104857600\n");
        Write("memory.stat", "anon 1\nfile 62914560\nshmem 10485760\ninactive_file 5\n");
        var group = new ControlGroup(_folder.FullName);
        Assert.Equal((1234567L, 1.5, 536870912L, 104857600L, 52428800L), (group.CpuTime, group.CpuLimit, group.MemoryLimit, group.MemoryUsage, group.MemoryCache));

        Write("cpu.max", "max 100000\n");
        Write("memory.max", "max\n");
        Assert.Equal((null, null), (group.CpuLimit, group.MemoryLimit));
    }

    [Fact]
    public void Version_one_of_control_groups_is_read()
    {
        Write("cpuacct/cpuacct.usage", "1234567890\n");
        Write("cpu/cpu.cfs_quota_us", "50000\n");
        Write("cpu/cpu.cfs_period_us", "100000\n");
        Write("memory/memory.limit_in_bytes", "536870912\n");
        Write("memory/memory.usage_in_bytes", "104857600\n");
        Write("memory/memory.stat", "cache 1\ntotal_cache 62914560\ntotal_shmem 10485760\n");
        var group = new ControlGroup(_folder.FullName);
        Assert.Equal((1234567L, 0.5, 536870912L, 104857600L, 52428800L), (group.CpuTime, group.CpuLimit, group.MemoryLimit, group.MemoryUsage, group.MemoryCache));

        Write("cpu/cpu.cfs_quota_us", "-1\n");
        Write("memory/memory.limit_in_bytes", "9223372036854771712\n");
        Assert.Equal((null, null), (group.CpuLimit, group.MemoryLimit));
    }

    [Fact]
    public void Where_nobody_tells_nothing_is_made_up()
    {
        var group = new ControlGroup(_folder.FullName);
        Assert.Equal((null, null, null, null, 0L), (group.CpuTime, group.CpuLimit, group.MemoryLimit, group.MemoryUsage, group.MemoryCache));
    }
}
