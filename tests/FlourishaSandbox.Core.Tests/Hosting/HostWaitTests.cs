using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Hosting;

public sealed class HostWaitTests : IDisposable
{
    private readonly FakeRuntime _runtime = new();
    private readonly RecordingObserver _observer = new();

    public void Dispose() => _runtime.Dispose();

    private Task<HostAddress> WaitAsync(int port, string path = "/", double seconds = 30, CancellationToken? cancellationToken = null)
    {
        var sandbox = TestData.Sandbox();
        _runtime.Sandboxes.Add(sandbox);
        var address = new HostAddress { Sandbox = sandbox, Port = 8000, Url = new Uri($"http://127.0.0.1:{port}/"), Public = false };
        return new HostRouter(_runtime, new SandboxSettings()).WaitAsync(address, path, TimeSpan.FromSeconds(seconds), _observer, cancellationToken ?? Limits.Token);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(302)] // not followed: it would lead elsewhere
    [InlineData(404)]
    public async Task Whatever_is_no_server_error_is_ready(int status)
    {
        await using var server = new RawServer((_, stream, token) => RawServer.AnswerAsync(stream, status, token));
        Assert.True((await WaitAsync(server.Port)).Ready);
        Assert.Equal(1, server.Connections);
        Assert.True(_observer.Reports.Last().Completed);
    }

    [Fact]
    public async Task The_path_is_asked_for_as_it_is_given()
    {
        var request = "";
        await using var server = new RawServer(async (_, stream, token) =>
        {
            request = await RawServer.ReadRequestAsync(stream, token);
            await stream.WriteAsync("HTTP/1.1 204 X\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), token);
        });
        await WaitAsync(server.Port, "/api/health?deep=1");
        Assert.StartsWith("GET /api/health?deep=1 HTTP/1.1\r\n", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_errors_and_closed_connections_are_waited_out()
    {
        await using var server = new RawServer((number, stream, token) => number switch
        {
            1 => Task.CompletedTask,
            2 => RawServer.AnswerAsync(stream, 502, token),
            3 => RawServer.AnswerAsync(stream, 500, token),
            _ => RawServer.AnswerAsync(stream, 200, token),
        });
        Assert.True((await WaitAsync(server.Port)).Ready);
        Assert.Equal(4, server.Connections);
    }

    [Fact]
    public async Task A_server_that_comes_later_is_found()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();

        var waiting = WaitAsync(port);
        await Task.Delay(300);
        Assert.False(waiting.IsCompleted);
        using var late = new TcpListener(IPAddress.Loopback, port);
        late.Start();
        using var client = await late.AcceptTcpClientAsync(Limits.Token);
        await RawServer.AnswerAsync(client.GetStream(), 200, Limits.Token);
        Assert.True((await waiting).Ready);
    }

    [Fact]
    public async Task Connections_that_are_closed_at_once_point_to_the_address_that_the_server_binds()
    {
        await using var server = new RawServer(async (_, stream, token) => await RawServer.ReadRequestAsync(stream, token));
        var failure = await Failure.ExpectAsync(SandboxError.TimedOut, () => WaitAsync(server.Port, seconds: 0.4));
        Assert.Contains("0.0.0.0", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_never_gets_ready_is_told_with_its_last_answer()
    {
        await using var server = new RawServer((_, stream, token) => RawServer.AnswerAsync(stream, 503, token));
        var failure = await Failure.ExpectAsync(SandboxError.TimedOut, () => WaitAsync(server.Port, "/health", seconds: 0.4));
        Assert.Contains("503", failure.Message, StringComparison.Ordinal);
        Assert.Contains("/health", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_never_answers_takes_no_longer_than_the_limit()
    {
        await using var server = new RawServer((_, _, token) => Task.Delay(Timeout.Infinite, token));
        var started = Stopwatch.GetTimestamp();
        await Failure.ExpectAsync(SandboxError.TimedOut, () => WaitAsync(server.Port, seconds: 0.5));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.4, 20);
    }

    [Fact]
    public async Task Cancelling_is_no_time_out()
    {
        await using var server = new RawServer((_, _, token) => Task.Delay(Timeout.Infinite, token));
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WaitAsync(server.Port, cancellationToken: cancellation.Token));
    }

    [Theory]
    [InlineData("http://example.org/")]
    [InlineData("//example.org/")]
    [InlineData(@"\\example.org\")]
    public async Task A_path_leads_to_no_other_machine(string path) => await Failure.ExpectAsync(SandboxError.InvalidOption, () => WaitAsync(1, path));

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public async Task No_time_is_no_limit_to_wait_for(double seconds) => await Failure.ExpectAsync(SandboxError.InvalidOption, () => WaitAsync(1, seconds: seconds));

    [Fact]
    public async Task A_span_that_no_timer_holds_is_waited_for_all_the_same()
    {
        await using var server = new RawServer((_, stream, token) => RawServer.AnswerAsync(stream, 200, token));
        Assert.True((await WaitAsync(server.Port, seconds: TimeSpan.FromDays(3650).TotalSeconds)).Ready);
    }
}
