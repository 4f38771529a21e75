using FlourishaSandbox.Audit;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Audit;

/// <summary>Reading the record: filters, what is not whole, the engine's own events, following. On the real engine.</summary>
public sealed class SandboxEventsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private AuditSettings Settings => new() { Path = _folder["audit.jsonl"] };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_that_was_done_to_a_sandbox_can_be_read_back_and_what_the_engine_says()
    {
        await using var house = await SandboxHouse.OpenAsync();
        using var manager = Manager(house);
        var since = DateTimeOffset.UtcNow;
        var sandbox = await manager.CreateAsync(house.Options, OperationObserver.None, Limits.Token);
        await manager.RunAsync(sandbox, new CommandRequest { Command = "exit 7" }, input: null, OperationObserver.None, Limits.Token);
        await manager.Files.WriteAsync(sandbox, "/tmp/a", new MemoryStream([1]), Limits.Token);
        await Assert.ThrowsAsync<SandboxException>(() => manager.Files.OpenReadAsync(sandbox, "/tmp/none", Limits.Token));
        await manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token);

        var filter = new SandboxEventFilter { Sandbox = (name, _) => name == sandbox.Name, Since = since };
        var events = await manager.Events.ListAsync(filter, includeEngine: false, Limits.Token);
        Assert.Equal(["create", "exec", "file-write", "file-read", "remove"], events.Select(one => one.Action));
        Assert.All(events, one => Assert.Equal((sandbox.Id, sandbox.Name, house.Settings.Owner), (one.SandboxId, one.Sandbox, one.Owner)));
        Assert.Equal(7, events[1].ExitCode);
        Assert.Equal("exit 7", events[1].DescribeResult());
        Assert.Equal("PathNotFound", events[3].Error);
        Assert.All(events, one => Assert.NotNull(one.Duration));

        Assert.Equal(["exec", "file-read"], (await manager.Events.ListAsync(filter with { Failed = true }, includeEngine: false, Limits.Token)).Select(one => one.Action));
        Assert.Equal(["file-read", "file-write"], (await manager.Events.ListAsync(filter with { Action = action => action.StartsWith("file-", StringComparison.Ordinal) }, includeEngine: false, Limits.Token)).Select(one => one.Action).Order(StringComparer.Ordinal));
        Assert.Empty(await manager.Events.ListAsync(filter with { Until = since, Since = since.AddMinutes(-1) }, includeEngine: false, Limits.Token));

        var merged = await manager.Events.ListAsync(filter, includeEngine: true, Limits.Token);
        Assert.Superset(new HashSet<string> { "create", "start", "die", "destroy", "exec" }, merged.Select(one => one.Action).ToHashSet());
        Assert.Equal(merged.OrderBy(one => one.Time).Select(one => one.Action), merged.Select(one => one.Action));
        Assert.Contains(merged, one => one is { Origin: SandboxEventOrigin.Engine, Action: "die", ExitCode: not null });
    }

    [Fact]
    public async Task What_was_killed_meanwhile_shows_as_unfinished_and_rubbish_is_passed_over()
    {
        var file = new AuditFile(Settings);
        file.Append("""{"v":1,"id":"a-1","phase":"begin","time":"2026-05-04T12:00:00Z","action":"exec","sandbox":"t1","process":1}"""u8);
        file.Append("no json\n"u8);
        file.Append("""{"v":1,"id":"a-2","phase":"end","time":"2026-05-04T12:00:02Z","action":"exec","sandbox":"t2","process":1,"result":"Succeeded","durationMs":1000}"""u8);
        file.Append("{\"v\":1,\"id\":\"a-3\",\"pha"u8);

        var events = await new SandboxEvents(new FakeRuntime(), Settings).ListAsync(new SandboxEventFilter(), includeEngine: false, Limits.Token);
        Assert.Equal([("t1", SandboxEventResult.Unfinished), ("t2", SandboxEventResult.Succeeded)], events.Select(one => (one.Sandbox!, one.Result)));
        Assert.Equal(new DateTimeOffset(2026, 5, 4, 12, 0, 1, TimeSpan.Zero), events[1].Time); // its beginning was rotated away
    }

    [Fact]
    public async Task Following_gives_what_ends_from_now_on_also_across_a_rotation()
    {
        var settings = Settings with { MaximumSize = AuditSettings.MinimumSize };
        var recorder = new AuditRecorder(settings, "me", "fake://engine");
        await recorder.RecordAsync(new AuditedAction("before", TestData.Sandbox()), () => Task.CompletedTask);

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Limits.Token);
        var seen = new List<string>();
        var follows = new TaskCompletionSource();
        var following = Task.Run(async () =>
        {
            await foreach (var one in new SandboxEvents(new FakeRuntime(), settings).FollowAsync(new SandboxEventFilter(), includeEngine: false, enough.Token))
            {
                if (one.Action == "ready")
                    follows.TrySetResult();
                else
                    seen.Add(one.Action);

                if (one.Action == "last")
                    return;
            }
        });

        while (!follows.Task.IsCompleted)
        {
            await recorder.RecordAsync(new AuditedAction("ready", TestData.Sandbox()), () => Task.CompletedTask);
            await Task.Delay(TimeSpan.FromMilliseconds(50), Limits.Token);
        }

        for (var number = 0; number < 30; number++)
        {
            await recorder.RecordAsync(new AuditedAction($"n{number}", TestData.Sandbox(), ("command", new string('x', 4000))), () => Task.CompletedTask);
            await Task.Delay(TimeSpan.FromMilliseconds(20), Limits.Token);
        }

        await recorder.RecordAsync(new AuditedAction("last", TestData.Sandbox()), () => Task.CompletedTask);
        await following;
        Assert.True(File.Exists(_folder["audit.1.jsonl"]));
        Assert.Equal([.. Enumerable.Range(0, 30).Select(number => $"n{number}"), "last"], seen);
    }

    [Fact]
    public async Task A_span_that_ends_before_it_begins_is_refused()
    {
        var e = await Assert.ThrowsAsync<SandboxException>(() => new SandboxEvents(new FakeRuntime(), Settings).ListAsync(new SandboxEventFilter { Since = TestData.Now, Until = TestData.Now.AddHours(-1) }, includeEngine: false, Limits.Token));
        Assert.Equal(SandboxError.InvalidOption, e.Error);
    }

    private SandboxManager Manager(SandboxHouse house) => SandboxManager.Connect(house.Settings with { Audit = Settings, AgentFolder = Repository.Agents });
}
