using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Filesystem;

namespace FlourishaSandbox.Agent.Tests.Files;

public sealed class WatchTests(FileAgent agent) : IClassFixture<FileAgent>
{
    private readonly string _folder = agent.NewFolder();

    private static EnvdJson Json => EnvdJson.Default;

    private Task<Watching> WatchAsync(bool recursive = false, bool includeEntry = false, Action<HttpRequestMessage>? change = null) =>
        Watching.BeginAsync(agent, new WatchRequest { Path = _folder, Recursive = recursive, IncludeEntry = includeEntry }, change);

    [Fact]
    public async Task What_happens_to_files_is_told()
    {
        await using var watch = await WatchAsync();

        await File.WriteAllTextAsync(_folder + "/file", "1");
        await watch.ExpectAsync(EventType.Create, "file");
        await watch.ExpectAsync(EventType.Write, "file");
        File.SetUnixFileMode(_folder + "/file", UnixFileMode.UserRead);
        await watch.ExpectAsync(EventType.Chmod, "file");
        File.Move(_folder + "/file", _folder + "/ünï 漢字");
        await watch.ExpectAsync(EventType.Rename, "file");
        await watch.ExpectAsync(EventType.Create, "ünï 漢字");
        File.Delete(_folder + "/ünï 漢字");
        await watch.ExpectAsync(EventType.Remove, "ünï 漢字");

        // Folders below are not asked for.
        Directory.CreateDirectory(_folder + "/below");
        await watch.ExpectAsync(EventType.Create, "below");
        await File.WriteAllTextAsync(_folder + "/below/file", "");
        File.Create(_folder + "/last").Dispose();
        Assert.Equal("last", (await watch.NextAsync()).Name);
    }

    [Fact]
    public async Task Folders_that_come_later_are_watched_too()
    {
        Directory.CreateDirectory(_folder + "/old/deep");
        await using var watch = await WatchAsync(recursive: true);

        await File.WriteAllTextAsync(_folder + "/old/deep/file", "1");
        await watch.ExpectAsync(EventType.Write, "old/deep/file");
        Directory.CreateDirectory(_folder + "/new");
        await watch.ExpectAsync(EventType.Create, "new");
        await File.WriteAllTextAsync(_folder + "/new/file", "1");
        await watch.ExpectAsync(EventType.Create, "new/file");
        await watch.ExpectAsync(EventType.Write, "new/file");

        // Made at once, faster than anybody could watch.
        Directory.CreateDirectory(_folder + "/a/b/c/d");
        await File.WriteAllTextAsync(_folder + "/a/b/c/d/file", "1");
        await watch.ExpectAsync(EventType.Create, "a/b/c/d");
        await watch.ExpectAsync(EventType.Write, "a/b/c/d/file");

        Directory.Move(_folder + "/a", _folder + "/moved");
        await watch.ExpectAsync(EventType.Rename, "a");
        await watch.ExpectAsync(EventType.Create, "moved/b/c/d/file");
        File.Delete(_folder + "/moved/b/c/d/file");
        await watch.ExpectAsync(EventType.Remove, "moved/b/c/d/file");
        Directory.Delete(_folder + "/moved", recursive: true);
        await watch.ExpectAsync(EventType.Remove, "moved");
    }

    [Fact]
    public async Task Nothing_is_told_twice_and_nothing_is_missed()
    {
        await using var watch = await WatchAsync(recursive: true);
        for (var i = 0; i < 200; i++)
        {
            Directory.CreateDirectory($"{_folder}/{i}/in");
            File.Create($"{_folder}/{i}/in/file").Dispose();
        }

        File.Create(_folder + "/end").Dispose();
        var created = new List<string>();
        while (await watch.NextAsync() is { Name: not "end" } happened)
        {
            if (happened.Type == EventType.Create)
                created.Add(happened.Name);
        }

        Assert.Equal(created.Count, created.Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 200).SelectMany(i => (string[])[$"{i}", $"{i}/in", $"{i}/in/file"]).Order(StringComparer.Ordinal), created.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Events_bear_their_entries_where_there_are_some()
    {
        await using var watch = await WatchAsync(includeEntry: true);
        await File.WriteAllTextAsync(_folder + "/file", "1234");
        var happened = await watch.ExpectAsync(EventType.Write, "file");
        Assert.Equal((_folder + "/file", FileType.File), (happened.Entry!.Path, happened.Entry.Type));
        File.Delete(_folder + "/file");
        Assert.Null((await watch.ExpectAsync(EventType.Remove, "file")).Entry);
    }

    [Fact]
    public async Task What_is_no_folder_is_not_watched()
    {
        await File.WriteAllTextAsync(_folder + "/file", "");
        async Task Fails(string path, ConnectCode code)
        {
            var failure = await Assert.ThrowsAsync<ConnectException>(() => Watching.BeginAsync(agent, new WatchRequest { Path = path }));
            Assert.Equal(code, failure.Code);
        }

        await Fails(_folder + "/none", ConnectCode.NotFound);
        await Fails(_folder + "/file", ConnectCode.InvalidArgument);
        await Fails(_folder + "/../x", ConnectCode.InvalidArgument);
    }

    [Fact]
    public async Task A_silent_stream_gives_signs_of_life_and_ends_in_time()
    {
        await using var watch = await WatchAsync(change: message =>
        {
            message.Headers.Add(EnvdProtocol.KeepaliveHeader, "1");
            message.Headers.Add(EnvdProtocol.TimeoutHeader, "2500");
        });

        var failure = await Assert.ThrowsAsync<ConnectException>(watch.NextAsync);
        Assert.Equal(ConnectCode.DeadlineExceeded, failure.Code);
        Assert.Equal(2, watch.Keepalives);
    }

    [Fact]
    public async Task Who_does_not_read_is_told_what_is_lost_and_costs_little()
    {
        using var own = new FileAgent();
        var before = own.Memory("VmRSS");
        await using var watch = await Watching.BeginAsync(own, new WatchRequest { Path = own.Home });
        FileAgent.Run("perl", "-e", $"for (0 .. 199999) {{ open my $f, '>', '{own.Home}/' . ($_ % 2) . ('x' x 200); close $f; unlink '{own.Home}/' . ($_ % 2) . ('x' x 200) }}");

        Assert.True(own.Memory("VmHWM") - before < 48L << 20, $"{own.Memory("VmHWM") >> 20} MiB");
        var failure = await Assert.ThrowsAsync<ConnectException>(async () =>
        {
            while (true)
                await watch.NextAsync();
        });
        Assert.True(failure.Code is ConnectCode.ResourceExhausted or ConnectCode.DataLoss, failure.ToString());
        Assert.True(await own.IsAliveAsync());
    }

    [Fact]
    public async Task When_the_client_goes_nothing_is_watched_any_more()
    {
        using var own = new FileAgent();
        Directory.CreateDirectory(own.Home + "/a/b");
        int Watched() => Directory.GetFiles($"/proc/{own.Pid}/fdinfo").Sum(path => File.ReadLines(path).Count(line => line.StartsWith("inotify wd:", StringComparison.Ordinal)));

        await using (await Watching.BeginAsync(own, new WatchRequest { Path = own.Home, Recursive = true }))
        {
            Assert.Equal(3, Watched());
            await using var second = await Watching.BeginAsync(own, new WatchRequest { Path = own.Home + "/a", Recursive = true });
            Assert.Equal(3, Watched());
        }

        for (var patience = Stopwatch.StartNew(); Watched() > 0; await Task.Delay(20))
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(5), "folders are still watched");

        Assert.DoesNotContain(Directory.GetFiles($"/proc/{own.Pid}/fd"), path => new FileInfo(path).LinkTarget?.Contains("inotify", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_watcher_keeps_events_until_it_is_asked()
    {
        var id = (await agent.CallAsync("CreateWatcher", new WatchRequest { Path = _folder }, Json.WatchRequest, Json.CreateWatcherResponse)).WatcherId;
        async Task<IReadOnlyList<FilesystemEvent>> AskAsync() => (await agent.CallAsync("GetWatcherEvents", new WatcherRequest(id), Json.WatcherRequest, Json.GetWatcherEventsResponse)).Events!;

        Assert.Empty(await AskAsync());
        await File.WriteAllTextAsync(_folder + "/file", "1");
        var events = new List<FilesystemEvent>();
        for (var patience = Stopwatch.StartNew(); events.Count < 2 && patience.Elapsed < TimeSpan.FromSeconds(5); await Task.Delay(10))
            events.AddRange(await AskAsync());

        Assert.Equal([EventType.Create, EventType.Write], events.Select(happened => happened.Type).Take(2));

        // The kernel may tell of one write twice. What was given is not given again, so that there is an end to it.
        await RunningAgent.WaitUntilAsync(async () => (await AskAsync()).Count == 0, "there is nothing new");
        await agent.CallAsync("RemoveWatcher", new WatcherRequest(id), Json.WatcherRequest, Json.EmptyMessage);
        Assert.Equal(ConnectCode.NotFound, (await Assert.ThrowsAsync<ConnectException>(AskAsync)).Code);
        Assert.Equal(ConnectCode.NotFound, (await Assert.ThrowsAsync<ConnectException>(() => agent.CallAsync("RemoveWatcher", new WatcherRequest(id), Json.WatcherRequest, Json.EmptyMessage))).Code);
    }

    [Fact]
    public async Task There_are_only_so_many_watchers()
    {
        using var own = new FileAgent();
        Task<CreateWatcherResponse> Create() => own.CallAsync("CreateWatcher", new WatchRequest { Path = own.Home }, Json.WatchRequest, Json.CreateWatcherResponse);
        for (var i = 0; i < 64; i++)
            await Create();

        Assert.Equal(ConnectCode.ResourceExhausted, (await Assert.ThrowsAsync<ConnectException>(Create)).Code);
    }

    /// <summary>A stream of events.</summary>
    private sealed class Watching : IAsyncDisposable
    {
        private readonly HttpResponseMessage _response;
        private readonly Stream _stream;

        private Watching(HttpResponseMessage response, Stream stream) => (_response, _stream) = (response, stream);

        public int Keepalives { get; private set; }

        public static async Task<Watching> BeginAsync(FileAgent agent, WatchRequest request, Action<HttpRequestMessage>? change = null)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(request, Json.WatchRequest);
            var body = new byte[ConnectEnvelope.HeaderLength + json.Length];
            ConnectEnvelope.WriteHeader(body, 0, json.Length);
            json.CopyTo(body, ConnectEnvelope.HeaderLength);
            using var message = new HttpRequestMessage(HttpMethod.Post, EnvdRoutes.Filesystem + "WatchDir") { Content = new ByteArrayContent(body) };
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(EnvdProtocol.StreamContentType);
            change?.Invoke(message);
            var response = await agent.Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
            Assert.True(response.IsSuccessStatusCode);
            var watch = new Watching(response, await response.Content.ReadAsStreamAsync());
            Assert.NotNull((await watch.ReadAsync()).Start);
            return watch;
        }

        /// <summary>The next event of a kind; others before it are passed over.</summary>
        public async Task<FilesystemEvent> ExpectAsync(EventType type, string name)
        {
            var passed = new List<string>();
            while (true)
            {
                FilesystemEvent happened;
                try
                {
                    happened = await NextAsync();
                }
                catch (TimeoutException)
                {
                    throw new TimeoutException($"no {type} of '{name}', but {string.Join(", ", passed)}");
                }

                if (happened.Type == type && happened.Name == name)
                    return happened;

                passed.Add($"{happened.Type} {happened.Name}");
            }
        }

        public async Task<FilesystemEvent> NextAsync()
        {
            while (true)
            {
                if (await ReadAsync() is { Filesystem: { } happened })
                    return happened;

                Keepalives++;
            }
        }

        public ValueTask DisposeAsync()
        {
            _response.Dispose();
            return _stream.DisposeAsync();
        }

        private async Task<WatchDirResponse> ReadAsync()
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try
            {
                var header = new byte[ConnectEnvelope.HeaderLength];
                await _stream.ReadExactlyAsync(header, patience.Token);
                var message = new byte[System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1))];
                await _stream.ReadExactlyAsync(message, patience.Token);
                if (header[0] == 0)
                    return JsonSerializer.Deserialize(message, Json.WatchDirResponse)!;

                var error = JsonSerializer.Deserialize(message, Json.EndStream)!.Error!;
                throw new ConnectException(ConnectCodes.FromName(error.Code), error.Message!);
            }
            catch (OperationCanceledException e)
            {
                throw new TimeoutException("nothing was told within ten seconds", e);
            }
        }
    }
}
