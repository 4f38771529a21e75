using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Processes;

[Trait("Category", Engine.Category)]
public sealed class SandboxProcessesTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    private SandboxHouse _house = null!;
    private Sandbox _sandbox = null!;

    private SandboxProcesses Processes => _house.Manager.Processes;

    private async Task<SandboxProcess> StartAsync(string line, Func<ProcessOptions, ProcessOptions>? change = null, TimeSpan? timeout = null)
    {
        (_house, _sandbox) = await shared.GetAsync();
        var options = new ProcessOptions();
        return await Processes.StartAsync(_sandbox, new CommandRequest { Command = line, Timeout = timeout }, change?.Invoke(options) ?? options, OperationObserver.None, Limits.Token);
    }

    private async Task<(string Output, string Error, ProcessReceipt Receipt)> ReceiveAsync(SandboxProcess process, bool fromStart = false, bool follow = false)
    {
        using var output = new CommandOutputBuffer();
        var receipt = await Processes.ReceiveAsync(_sandbox, new ProcessReference(process), fromStart, follow, output, OperationObserver.None, Limits.Token);
        return (Encoding.UTF8.GetString(output.Output.Span), Encoding.UTF8.GetString(output.Error.Span), receipt);
    }

    private Task<SandboxProcess> WaitAsync(SandboxProcess process) => Processes.WaitAsync(_sandbox, new ProcessReference(process), TimeSpan.FromSeconds(20), Limits.Token);

    [Fact]
    public async Task What_a_process_writes_while_nobody_listens_is_there_for_whoever_comes()
    {
        var process = await StartAsync("echo out; echo err >&2; exit 3");
        var ended = await WaitAsync(process);
        Assert.Equal((ProcessState.Ended, 3), (ended.State, ended.ExitCode ?? -1));

        var received = await ReceiveAsync(process);
        Assert.Equal(("out\n", "err\n", 3), (received.Output, received.Error, received.Receipt.Exit?.ExitCode ?? -1));
        Assert.Equal("", (await ReceiveAsync(process)).Output);
        Assert.Equal("out\n", (await ReceiveAsync(process, fromStart: true)).Output);
    }

    [Fact]
    public async Task Receiving_goes_on_where_it_left_off_and_can_follow()
    {
        var process = await StartAsync("echo one; read go; echo two; read go; echo three", options => options with { KeepInputOpen = true });
        await UntilAsync(async () => (await Processes.GetAsync(_sandbox, new ProcessReference(process), Limits.Token)).OutputBytes == 4);
        Assert.Equal("one\n", (await ReceiveAsync(process)).Output);

        await Processes.SendInputAsync(_sandbox, new ProcessReference(process), "go\n"u8.ToArray(), Limits.Token);
        await UntilAsync(async () => (await Processes.GetAsync(_sandbox, new ProcessReference(process), Limits.Token)).OutputBytes == 8);
        Assert.Equal("two\n", (await ReceiveAsync(process)).Output);

        var following = ReceiveAsync(process, follow: true);
        await Processes.CloseInputAsync(_sandbox, new ProcessReference(process), Limits.Token);
        Assert.Equal("three\n", (await following).Output);
    }

    [Fact]
    public async Task More_output_than_is_kept_gives_way_to_newer_and_that_is_told()
    {
        var process = await StartAsync("head -c 100000 /dev/zero | tr '\\0' a; echo; echo end", options => options with { OutputLimit = 8192 });
        await WaitAsync(process);
        var observer = new RecordingObserver();
        using var output = new CommandOutputBuffer();
        var receipt = await Processes.ReceiveAsync(_sandbox, new ProcessReference(process), fromStart: true, follow: false, output, observer, Limits.Token);

        Assert.Equal(100_005, receipt.Offset);
        Assert.Equal(100_005 - output.Output.Length, receipt.Lost);
        Assert.InRange(output.Output.Length, 4096, 8192);
        Assert.EndsWith("a\nend\n", Encoding.UTF8.GetString(output.Output.Span), StringComparison.Ordinal);
        Assert.Contains(observer.Warnings, warning => warning.Contains("no longer kept", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Processes_are_listed_with_what_they_are()
    {
        var process = await StartAsync("sleep 1000 & wait", options => options with { Tag = "listed" });
        await UntilAsync(async () => (await Processes.GetAsync(_sandbox, new ProcessReference("listed"), Limits.Token)).TreeSize == 2);

        var listed = Assert.Single(await Processes.ListAsync(_sandbox, includeEnded: false, Limits.Token), each => each.Id == process.Id);
        Assert.Equal(("sleep 1000 & wait", "listed", ProcessState.Running, false), (listed.Command, listed.Tag, listed.State, listed.HasTerminal));

        var stopped = await Processes.StopAsync(_sandbox, new ProcessReference("listed"), TimeSpan.FromSeconds(2), OperationObserver.None, Limits.Token);
        Assert.Equal(ProcessState.Ended, stopped.Process.State);
        Assert.Equal(["sh", "sleep"], stopped.Killed.Select(each => each.Name).Order());
        Assert.DoesNotContain(await Processes.ListAsync(_sandbox, includeEnded: false, Limits.Token), each => each.Id == process.Id);
        Assert.Contains(await Processes.ListAsync(_sandbox, includeEnded: true, Limits.Token), each => each.Id == process.Id);
    }

    [Fact]
    public async Task Ending_a_process_ends_what_left_its_session_its_parent_and_its_environment()
    {
        var process = await StartAsync("(setsid env -i /bin/sh -c '(exec -a escaped sleep 4321 &) ; sleep 4321' &) ; env -i setsid setsid sleep 4321 & sleep 4321");
        await UntilAsync(async () => await FlourishaSandbox.Core.Tests.Commands.CommandTests.CountAsync(_house, _sandbox, "4321") >= 4);
        var started = Stopwatch.GetTimestamp();
        await Processes.StopAsync(_sandbox, new ProcessReference(process), TimeSpan.FromSeconds(1), OperationObserver.None, Limits.Token);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(2));
        Assert.Equal(0, await FlourishaSandbox.Core.Tests.Commands.CommandTests.CountAsync(_house, _sandbox, "sleep 4321"));
    }

    [Fact]
    public async Task A_process_that_ignores_being_asked_is_killed_after_its_grace()
    {
        var process = await StartAsync("trap '' TERM; echo ready; while :; do sleep 1; done");
        await UntilAsync(async () => (await Processes.GetAsync(_sandbox, new ProcessReference(process), Limits.Token)).OutputBytes > 0);
        var stopped = await Processes.StopAsync(_sandbox, new ProcessReference(process), TimeSpan.FromMilliseconds(300), OperationObserver.None, Limits.Token);
        Assert.Equal(137, stopped.Process.ExitCode);
    }

    [Fact]
    public async Task A_time_out_ends_it_and_its_output_stays()
    {
        var process = await StartAsync("echo before; sleep 1000", timeout: TimeSpan.FromSeconds(0.5));
        var ended = await WaitAsync(process);
        Assert.True(ended.TimedOut);
        Assert.Equal("before\n", (await ReceiveAsync(process)).Output);
    }

    [Fact]
    public async Task Waiting_has_a_limit_and_changes_nothing()
    {
        var process = await StartAsync("sleep 1000");
        await Failure.ExpectAsync(SandboxError.TimedOut, () => Processes.WaitAsync(_sandbox, new ProcessReference(process), TimeSpan.FromMilliseconds(200), Limits.Token));
        Assert.Equal(ProcessState.Running, (await Processes.GetAsync(_sandbox, new ProcessReference(process), Limits.Token)).State);
        await Processes.StopAsync(_sandbox, new ProcessReference(process), TimeSpan.Zero, OperationObserver.None, Limits.Token);
    }

    [Fact]
    public async Task What_is_not_there_is_named()
    {
        await StartAsync("true");
        var missing = await Failure.ExpectAsync(SandboxError.ProcessNotFound, () => Processes.GetAsync(_sandbox, new ProcessReference("nosuch"), Limits.Token));
        Assert.Contains("'nosuch'", missing.Message, StringComparison.Ordinal);

        var closed = await StartAsync("sleep 1000");
        await Failure.ExpectAsync(SandboxError.InputClosed, () => Processes.SendInputAsync(_sandbox, new ProcessReference(closed), new byte[1], Limits.Token));
        await Processes.StopAsync(_sandbox, new ProcessReference(closed), TimeSpan.Zero, OperationObserver.None, Limits.Token);
        await Failure.ExpectAsync(SandboxError.CommandNotFound, () => Processes.StartAsync(_sandbox, new CommandRequest { Command = "/nosuch", Arguments = [] }, new ProcessOptions(), OperationObserver.None, Limits.Token));
    }

    [Fact]
    public async Task A_terminal_has_a_size_takes_what_is_typed_and_gives_the_exit_code()
    {
        (_house, _sandbox) = await shared.GetAsync();
        var typed = new Pipe();
        var sizes = Channel.CreateUnbounded<TerminalSize>();
        using var output = new CommandOutputBuffer();
        var session = new TerminalSession { Size = new TerminalSize(90, 25), Resizes = sizes.Reader, Input = typed, Output = output };
        var running = Processes.RunTerminalAsync(_sandbox, new CommandRequest { Command = "/bin/sh", Arguments = [] }, session, OperationObserver.None, Limits.Token);

        typed.Type("stty size\n");
        await UntilAsync(() => Task.FromResult(Text(output).Contains("25 90", StringComparison.Ordinal)));
        sizes.Writer.TryWrite(new TerminalSize(101, 33));
        await UntilAsync(async () =>
        {
            typed.Type("stty size\n");
            await Task.Delay(100, Limits.Token);
            return Text(output).Contains("33 101", StringComparison.Ordinal);
        });

        typed.Type("sleep 1000\n");
        await Task.Delay(200, Limits.Token);
        typed.Type("\x03");
        typed.Type("exit 9\n");
        Assert.Equal(9, (await running).ExitCode);
    }

    private static string Text(CommandOutputBuffer output) => Encoding.UTF8.GetString(output.Output.Span);

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var started = Stopwatch.GetTimestamp(); !await holds(); await Task.Delay(20, Limits.Token))
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20), "it did not come to that within 20 s");
    }

    private sealed class Pipe : Stream
    {
        private readonly Channel<byte[]> _typed = Channel.CreateUnbounded<byte[]>();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void Type(string text) => _typed.Writer.TryWrite(Encoding.UTF8.GetBytes(text));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var bytes = await _typed.Reader.ReadAsync(cancellationToken);
            bytes.CopyTo(buffer);
            return bytes.Length;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
