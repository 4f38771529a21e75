using System.Net;
using System.Text;
using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Core.Tests.Docker;

/// <summary>How the client takes an engine that misbehaves.</summary>
public sealed class FakeEngineTests
{
    [Fact]
    public async Task Names_and_ids_reach_the_engine_escaped()
    {
        await using var engine = FakeEngine.Saying("HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n");
        await Assert.ThrowsAsync<DockerException>(() => engine.Client.Containers.InspectAsync("a/../b?x=1", Limits.Token));
        await Assert.ThrowsAsync<DockerException>(() => engine.Client.Containers.KillAsync("é \n", "KILL&x", Limits.Token));
        await Assert.ThrowsAsync<DockerException>(() => engine.Client.Execs.StartAsync("x/../y HTTP/1.1\r\nEvil: 1", tty: false, Limits.Token));
        Assert.Equal(
        [
            "GET /v1.41/containers/a%2F..%2Fb%3Fx%3D1/json HTTP/1.1",
            "POST /v1.41/containers/%C3%A9%20%0A/kill?signal=KILL%26x HTTP/1.1",
            "POST /v1.41/exec/x%2F..%2Fy%20HTTP%2F1.1%0D%0AEvil%3A%201/start HTTP/1.1",
        ], engine.Requests);
    }

    [Theory]
    [InlineData("1.41", "1.41")]
    [InlineData("1.43", "1.43")]
    [InlineData("1.99", "1.47")]
    public async Task The_newest_version_that_both_know_is_spoken(string engineVersion, string spoken)
    {
        await using var engine = new FakeEngine((_, stream) => stream.WriteAsync(FakeEngine.Answer(200, "{}")).AsTask(), engineVersion);
        await engine.Client.System.VersionAsync(Limits.Token);
        Assert.Equal([$"GET /v{spoken}/version HTTP/1.1"], engine.Requests);
        Assert.Equal(Version.Parse(spoken), await engine.Client.GetApiVersionAsync(Limits.Token));
    }

    [Theory]
    [InlineData("1.40", "1.40")]
    [InlineData(null, "no Docker Engine")]
    [InlineData("nonsense", "no Docker Engine")]
    public async Task An_engine_that_is_too_old_or_none_is_refused_with_a_reason(string? engineVersion, string reason)
    {
        await using var engine = new FakeEngine((_, _) => Task.CompletedTask, engineVersion);
        var exception = await Assert.ThrowsAsync<DockerException>(() => engine.Client.Containers.StartAsync("x", Limits.Token));
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Empty(engine.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"Id\":\"")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"Id\":\"ab")]
    [InlineData("this is not HTTP\r\n\r\n")]
    public async Task An_answer_that_breaks_off_is_a_lost_connection(string answer)
    {
        await using var engine = FakeEngine.Saying(answer);
        var exception = await Assert.ThrowsAsync<DockerUnreachableException>(() => engine.Client.Containers.InspectAsync("x", Limits.Token));
        Assert.Contains(engine.SocketPath, exception.Message, StringComparison.Ordinal);
        Assert.Contains("parameter", exception.Message, StringComparison.Ordinal);
        Assert.Same(engine.Client.Endpoint, exception.Endpoint);
    }

    [Theory]
    [InlineData("[1,2]")]
    [InlineData("<html>")]
    [InlineData("null")]
    public async Task An_answer_that_is_not_what_was_promised_names_the_request(string body)
    {
        await using var engine = FakeEngine.Saying($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        var exception = await Assert.ThrowsAsync<DockerException>(() => engine.Client.Containers.InspectAsync("x", Limits.Token));
        Assert.Contains("/containers/x/json", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(409, "{\"message\":\"name in use\"}\n", "name in use")]
    [InlineData(502, "<html>proxy</html>", "<html>proxy</html>")]
    [InlineData(500, "{\"broken", "{\"broken")]
    [InlineData(503, "", "X")]
    public async Task A_refusal_carries_the_words_of_whoever_refused(int status, string body, string message)
    {
        await using var engine = new FakeEngine((_, stream) => stream.WriteAsync(FakeEngine.Answer(status, body)).AsTask());
        var plain = await Assert.ThrowsAsync<DockerException>(() => engine.Client.Containers.StartAsync("x", Limits.Token));
        Assert.Equal(((HttpStatusCode)status, message, message, status == 409), (plain.StatusCode, plain.Message, plain.EngineMessage, plain.IsConflict));
        var upgraded = await Assert.ThrowsAsync<DockerException>(() => engine.Client.Execs.StartAsync("x", tty: false, Limits.Token));
        Assert.Equal(((HttpStatusCode)status, message), (upgraded.StatusCode, upgraded.Message));
    }

    [Fact]
    public async Task Null_where_a_list_belongs_is_an_empty_list()
    {
        await using var engine = new FakeEngine((_, stream) => stream.WriteAsync(FakeEngine.Answer(200,
            """[{"Id":"a","Names":null,"Labels":null,"Ports":null,"Mounts":null,"Unknown":{"x":1}}]""")).AsTask());
        var container = Assert.Single(await engine.Client.Containers.ListAsync(all: true, filters: null, Limits.Token));
        Assert.Empty(container.Names);
        Assert.Empty(container.Labels);
        Assert.Empty(container.Ports);
        Assert.Empty(container.Mounts);
    }

    [Fact]
    public async Task An_engine_that_dies_in_the_middle_of_a_command_s_output_is_no_end_of_output()
    {
        await using var engine = FakeEngine.Saying("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n\u0001\0\0\0\0\0\0\u0064only ten b");
        await using var stream = await engine.Client.Execs.StartAsync("x", tty: false, Limits.Token);
        var buffer = new byte[1000];
        var chunk = await stream.ReadAsync(buffer, Limits.Token);
        Assert.Equal("only ten b", Encoding.UTF8.GetString(buffer, 0, chunk.Count));
        Assert.Contains("90 bytes", (await Assert.ThrowsAsync<EndOfStreamException>(async () => await stream.ReadAsync(buffer, Limits.Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_says_200_hands_the_connection_over_too()
    {
        await using var engine = new FakeEngine(async (_, stream) =>
        {
            await stream.ReadExactlyAsync(new byte["{\"Detach\":false,\"Tty\":true}".Length]);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n"u8.ToArray());
            var buffer = new byte[4];
            await stream.ReadExactlyAsync(buffer);
            await stream.WriteAsync(buffer);
        });
        await using var stream = await engine.Client.Execs.StartAsync("x", tty: true, Limits.Token);
        await stream.WriteAsync("ping"u8.ToArray(), Limits.Token);
        var buffer = new byte[10];
        Assert.Equal(new StreamChunk(StreamKind.Output, 4), await stream.ReadAsync(buffer, Limits.Token));
        Assert.Equal(0, (await stream.ReadAsync(buffer, Limits.Token)).Count);
    }

    [Fact]
    public async Task A_command_s_start_that_is_never_answered_can_be_cancelled()
    {
        using var reached = new SemaphoreSlim(0);
        await using var engine = new FakeEngine(async (_, stream) =>
        {
            reached.Release();
            await stream.CopyToAsync(Stream.Null);
        });
        using var cancelling = new CancellationTokenSource();
        var starting = engine.Client.Execs.StartAsync("x", tty: false, cancelling.Token);
        await reached.WaitAsync(Limits.Token);
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
    }

    [Fact]
    public async Task A_refusal_in_the_middle_of_an_upload_is_reported_in_the_engine_s_words()
    {
        await using var engine = new FakeEngine(async (_, stream) =>
        {
            await stream.ReadExactlyAsync(new byte[300_000]);
            await stream.WriteAsync(FakeEngine.Answer(500, """{"message":"no space left on device"}"""));
        });
        var exception = await Assert.ThrowsAsync<DockerException>(() => engine.Client.Containers.PutArchiveAsync("x", "/", WriteForeverAsync, ownedByContainerUser: false, Limits.Token));
        Assert.Equal("no space left on device", exception.Message);
    }

    [Fact]
    public async Task A_refusal_reaches_a_writer_that_waits_for_something_else()
    {
        await using var engine = FakeEngine.Saying("HTTP/1.1 404 X\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n{\"message\":\"no such \r\n7\r\nthing\"}\r\n0\r\n\r\n");
        var exception = await Assert.ThrowsAsync<DockerException>(() => engine.Client.Containers.PutArchiveAsync(
            "x", "/", (_, token) => Task.Delay(Timeout.Infinite, token), ownedByContainerUser: false, Limits.Token));
        Assert.Equal(("no such thing", true), (exception.Message, exception.IsNotFound));
    }

    [Fact]
    public async Task A_connection_lost_in_the_middle_of_an_upload_is_reported_as_that()
    {
        await using var engine = new FakeEngine((_, stream) => stream.ReadExactlyAsync(new byte[300_000]).AsTask());
        var exception = await Assert.ThrowsAsync<DockerUnreachableException>(() =>
            engine.Client.Containers.PutArchiveAsync("x", "/", WriteForeverAsync, ownedByContainerUser: false, Limits.Token));
        Assert.Contains("upload", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_writer_of_an_upload_throws_is_thrown_on()
    {
        await using var engine = new FakeEngine((_, stream) => stream.CopyToAsync(Stream.Null));
        var thrown = new InvalidDataException("the writer's own");
        Assert.Same(thrown, await Assert.ThrowsAsync<InvalidDataException>(() => engine.Client.Containers.PutArchiveAsync("x", "/", async (stream, token) =>
        {
            await stream.WriteAsync(new byte[600_000], token);
            throw thrown;
        }, ownedByContainerUser: false, Limits.Token)));
    }

    [Fact]
    public async Task An_upload_can_be_cancelled()
    {
        using var cancelling = new CancellationTokenSource();
        await using var engine = new FakeEngine(async (_, stream) =>
        {
            await stream.ReadExactlyAsync(new byte[300_000]);
            await cancelling.CancelAsync();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            engine.Client.Containers.PutArchiveAsync("x", "/", WriteForeverAsync, ownedByContainerUser: false, cancelling.Token));
    }

    [Fact]
    public async Task An_upload_s_bytes_arrive_as_they_were_written()
    {
        var received = new TaskCompletionSource<byte[]>();
        await using var engine = new FakeEngine(async (_, stream) =>
        {
            var bytes = new MemoryStream();
            var line = new List<byte>();
            while (true)
            {
                line.Clear();
                while (line is not [.., (byte)'\r', (byte)'\n'])
                    line.Add((byte)stream.ReadByte());
                var size = Convert.ToInt32(Encoding.ASCII.GetString([.. line]).Trim(), 16);
                var chunk = new byte[size];
                await stream.ReadExactlyAsync(chunk);
                await stream.ReadExactlyAsync(new byte[2]);
                if (size == 0)
                    break;
                bytes.Write(chunk);
            }
            received.SetResult(bytes.ToArray());
            await stream.WriteAsync(FakeEngine.Answer(200, ""));
        });
        var sent = new byte[1_500_001];
        new Random(1).NextBytes(sent);
        await engine.Client.Containers.PutArchiveAsync("x", "/", async (stream, token) =>
        {
            for (var start = 0; start < sent.Length;)
            {
                var count = Math.Min(start % 3 == 0 ? 1 : start % 3 == 1 ? 512 : 300_000, sent.Length - start);
                await stream.WriteAsync(sent.AsMemory(start, count), token);
                await stream.FlushAsync(token);
                start += count;
            }
        }, ownedByContainerUser: true, Limits.Token);
        Assert.Equal(sent, await received.Task);
        Assert.Equal(["PUT /v1.41/containers/x/archive?path=%2F&noOverwriteDirNonDir=1&copyUIDGID=1 HTTP/1.1"], engine.Requests);
    }

    [Fact]
    public async Task A_pull_reports_its_layers_and_fetches_one_tag_only()
    {
        await using var engine = FakeEngine.Saying("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
            + """{"status":"Pulling from library/x","id":"latest"}""" + "\r\n"
            + """{"status":"Downloading","progressDetail":{"current":5,"total":9000000000},"progress":"[>  ]","id":"aa"}""" + "\r\n"
            + """{"status":"Pull complete","progressDetail":{},"id":"aa"}""" + "\r\n");
        var progress = await engine.Client.Images.PullAsync("registry:5000/x", Limits.Token).ToListAsync(Limits.Token);
        Assert.Equal(
        [
            new DockerProgress("latest", "Pulling from library/x", null, null, null, null),
            new DockerProgress("aa", "Downloading", null, 5, 9_000_000_000, null),
            new DockerProgress("aa", "Pull complete", null, null, null, null),
        ], progress);
        Assert.Equal(["POST /v1.41/images/create?fromImage=registry%3A5000%2Fx&tag=latest HTTP/1.1"], engine.Requests);
    }

    [Fact]
    public async Task A_pull_that_fails_in_the_middle_throws_the_registry_s_words()
    {
        await using var engine = FakeEngine.Saying("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
            + """{"status":"Pulling"}""" + "\r\n" + """{"errorDetail":{"message":"toomanyrequests"},"error":"toomanyrequests"}""" + "\r\n");
        var seen = new List<DockerProgress>();
        var exception = await Assert.ThrowsAsync<DockerException>(async () =>
        {
            await foreach (var progress in engine.Client.Images.PullAsync("x", Limits.Token))
                seen.Add(progress);
        });
        Assert.Equal("toomanyrequests", exception.Message);
        Assert.Single(seen);
    }

    [Fact]
    public async Task A_stream_of_events_that_breaks_off_is_a_lost_connection()
    {
        await using var engine = FakeEngine.Saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "2a\r\n" + """{"Type":"container","Action":"start"}""" + "\n{\"Ty\r\n");
        var seen = new List<EngineEvent>();
        await Assert.ThrowsAsync<DockerUnreachableException>(async () =>
        {
            await foreach (var happened in engine.Client.System.EventsAsync(filters: null, since: null, until: null, Limits.Token))
                seen.Add(happened);
        });
        Assert.Equal("start", Assert.Single(seen).Action);
    }

    [Theory]
    [InlineData("unix:///nowhere/docker.sock", "DOCKER_HOST")]
    [InlineData("unix:///nowhere/docker.sock", "no such socket")]
    [InlineData("tcp://127.0.0.1:1", "TLS")]
    [InlineData("ssh://nobody@127.0.0.1:1", "dial-stdio")]
    public async Task An_engine_that_is_not_there_is_named_with_what_to_check(string address, string remedy)
    {
        Assert.SkipWhen(address.StartsWith("ssh", StringComparison.Ordinal) && !File.Exists("/usr/bin/ssh"), "ssh is not installed");
        using var client = new DockerClient(DockerEndpoint.Resolve(address));
        var plain = await Assert.ThrowsAsync<DockerUnreachableException>(() => client.Containers.ListAsync(all: true, filters: null, Limits.Token));
        Assert.Contains(address, plain.Message, StringComparison.Ordinal);
        Assert.Contains("parameter", plain.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, $"{plain.Message} {plain.Remedy}", StringComparison.Ordinal);
    }

    private static async Task WriteForeverAsync(Stream stream, CancellationToken cancellationToken)
    {
        var data = new byte[100_000];
        while (true)
            await stream.WriteAsync(data, cancellationToken);
    }
}
