using System.Diagnostics.Tracing;
using System.Text.Json;
using FlourishaSandbox.Audit;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Audit;

/// <summary>What is written before and after an action, and what happens where it cannot be.</summary>
public sealed class AuditRecorderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Log => _folder["audit.jsonl"];

    private AuditRecorder Recorder => new(new AuditSettings { Path = Log }, "me", "fake://engine");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_first_line_is_there_before_the_action_is()
    {
        string? before = null;
        await Recorder.RecordAsync(new AuditedAction("exec", TestData.Sandbox("t1"), ("command", "login --token abc123 now"), ("nothing", null)), () =>
        {
            before = File.ReadAllText(Log);
            return Task.FromResult(0);
        }, _ => new AuditedEnd(null, ExitCode: 3));

        var begin = JsonSerializer.Deserialize(before!, AuditJson.Default.AuditLine)!;
        Assert.Equal((AuditLine.Begin, "exec", "t1", "me"), (begin.Phase, begin.Action, begin.Sandbox, begin.Owner));
        Assert.Equal([new("command", "login --token *** now")], begin.Detail!);

        var end = JsonSerializer.Deserialize(File.ReadAllLines(Log)[1], AuditJson.Default.AuditLine)!;
        Assert.Equal((begin.Id, AuditLine.End, SandboxEventResult.Succeeded, 3), (end.Id, end.Phase, end.Result!.Value, end.ExitCode!.Value));
        Assert.True(end.DurationMs >= 0);
    }

    [Fact]
    public async Task A_failure_is_told_by_its_name_and_without_its_secrets()
    {
        var failure = new SandboxException(SandboxError.CommandNotFound, "There is no 'tool --password hunter2'.");
        Assert.Same(failure, await Assert.ThrowsAsync<SandboxException>(() => Recorder.RecordAsync(new AuditedAction("exec", TestData.Sandbox()), () => Task.FromException(failure))));
        await Assert.ThrowsAsync<OperationCanceledException>(() => Recorder.RecordAsync(new AuditedAction("exec", TestData.Sandbox()), () => Task.FromException(new OperationCanceledException())));

        var ends = File.ReadAllLines(Log).Select(line => JsonSerializer.Deserialize(line, AuditJson.Default.AuditLine)!).Where(line => line.Phase == AuditLine.End).ToList();
        Assert.Equal([SandboxEventResult.Failed, SandboxEventResult.Cancelled], ends.Select(end => end.Result!.Value));
        Assert.Equal("CommandNotFound", ends[0].Error);
        Assert.DoesNotContain("hunter2", File.ReadAllText(Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_written_down_is_not_done_unless_it_takes_something_away()
    {
        Directory.CreateDirectory(Log); // in the file's place
        var isDone = false;
        Task DoAsync()
        {
            isDone = true;
            return Task.CompletedTask;
        }

        var e = await Assert.ThrowsAsync<SandboxException>(() => Recorder.RecordAsync(new AuditedAction("exec", TestData.Sandbox()), DoAsync));
        Assert.Equal(SandboxError.AuditFailed, e.Error);
        Assert.Contains(Log, e.Message, StringComparison.Ordinal);
        Assert.Contains("FLOURISHA_AUDIT", e.Remedy, StringComparison.Ordinal);
        Assert.False(isDone);

        await Recorder.RecordAsync(new AuditedAction("remove", TestData.Sandbox()) { Frees = true }, DoAsync);
        Assert.True(isDone);
    }

    [Fact]
    public async Task A_long_command_stays_a_line()
    {
        await Recorder.RecordAsync(new AuditedAction("exec", TestData.Sandbox(), ("command", new string('x', 1 << 20) + "\n")), () => Task.CompletedTask);

        var lines = File.ReadAllLines(Log);
        Assert.Equal(2, lines.Length);
        Assert.True(lines[0].Length < 10_000);
    }

    [Fact]
    public async Task Listeners_hear_the_same_as_structured_events()
    {
        using var listener = new Listener();
        await Recorder.RecordAsync(new AuditedAction("listened-to", TestData.Sandbox("t1"), ("command", "run --token abc")), () => Task.CompletedTask);

        var heard = listener.Heard.Where(one => (string?)one.Payload![1] == "listened-to").ToList();
        Assert.Equal(["Begin", "End"], heard.Select(one => one.EventName));
        Assert.Equal("command=run --token ***", heard[0].Payload![6]);
        Assert.Equal("Succeeded", heard[1].Payload![4]);
    }

    private sealed class Listener : EventListener
    {
        public System.Collections.Concurrent.ConcurrentQueue<EventWrittenEventArgs> Heard { get; } = [];

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "FlourishaSandbox")
                EnableEvents(eventSource, EventLevel.Informational);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) => Heard.Enqueue(eventData);
    }
}
