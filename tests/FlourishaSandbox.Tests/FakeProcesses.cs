using System.Text;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

/// <summary>Processes in memory. They write what a test has them write, and end when it says so.</summary>
internal sealed class FakeProcesses(FakeRuntime runtime) : ISandboxProcesses
{
    private readonly object _lock = new();
    private readonly List<SandboxProcess> _processes = [];
    private readonly Dictionary<int, MemoryStream> _output = [];
    private readonly Dictionary<int, TaskCompletionSource> _ends = [];

    /// <summary>What each process read, by its number.</summary>
    public Dictionary<int, string> Input { get; } = [];

    /// <summary>How the last one was started.</summary>
    public ProcessOptions? Options { get; private set; }

    /// <summary>Bytes that are no longer kept.</summary>
    public long Lost { get; set; }

    public SandboxProcess Add(Sandbox sandbox, string command, string? tag = null)
    {
        lock (_lock)
        {
            var process = new SandboxProcess { Sandbox = sandbox, Id = 100 + _processes.Count, Command = command, Tag = tag, StartedAt = DateTimeOffset.UtcNow, TreeSize = 1 };
            _processes.Add(process);
            _output[process.Id] = new MemoryStream();
            _ends[process.Id] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return process;
        }
    }

    public void Write(int id, string text) => _output[id].Write(Encoding.UTF8.GetBytes(text));

    public SandboxProcess End(int id, int exitCode)
    {
        lock (_lock)
        {
            var index = _processes.FindIndex(process => process.Id == id);
            var was = _processes[index];
            var ended = new SandboxProcess { Sandbox = was.Sandbox, Id = id, Command = was.Command, Tag = was.Tag, StartedAt = was.StartedAt, EndedAt = DateTimeOffset.UtcNow, ExitCode = exitCode, OutputBytes = _output[id].Length };
            _processes[index] = ended;
            _ends[id].TrySetResult();
            return ended;
        }
    }

    public async Task<SandboxProcess> StartAsync(Sandbox sandbox, CommandRequest request, ProcessOptions options, CancellationToken cancellationToken)
    {
        runtime.Requests.Enqueue(request);
        Options = options;
        await runtime.DoAsync($"start {sandbox.Name}: {request.Command}", observer: null, cancellationToken);
        return Add(sandbox, request.Command, options.Tag);
    }

    public Task<IReadOnlyList<SandboxProcess>> ListAsync(Sandbox sandbox, bool includeEnded, CancellationToken cancellationToken)
    {
        lock (_lock)
            return runtime.Away is null ? Task.FromResult<IReadOnlyList<SandboxProcess>>([.. _processes.Where(process => process.Sandbox.Id == sandbox.Id && (includeEnded || process.EndedAt is null))]) : throw runtime.Away;
    }

    public async Task<ProcessReceipt> ReceiveAsync(Sandbox sandbox, ProcessReference process, long offset, bool follow, ICommandOutput output, CancellationToken cancellationToken)
    {
        var id = process.Id!.Value;
        if (follow)
            await _ends[id].Task.WaitAsync(cancellationToken);

        var all = _output[id].ToArray();
        if (offset < all.Length)
            await output.WriteAsync(OutputSource.Output, all.AsMemory((int)offset), cancellationToken);

        await output.CompleteAsync(cancellationToken);
        return new ProcessReceipt(all.Length, Lost, follow ? new CommandExit(0, TimedOut: false) : null);
    }

    public async Task<StoppedProcess> StopAsync(Sandbox sandbox, ProcessReference process, TimeSpan grace, CancellationToken cancellationToken)
    {
        await runtime.DoAsync($"stop {sandbox.Name}: {process} after {grace.TotalSeconds} s", observer: null, cancellationToken);
        var ended = End(process.Id!.Value, 143);
        return new StoppedProcess(ended, [new EndedProcess(ended.Id, "sh"), new EndedProcess(ended.Id + 1, "evil\u001b[2J")]);
    }

    public async Task SendInputAsync(Sandbox sandbox, ProcessReference process, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        await runtime.DoAsync($"send {sandbox.Name}: {process}", observer: null, cancellationToken);
        var id = process.Id ?? throw new SandboxException(SandboxError.ProcessNotFound, $"There is no process '{process}'.", process.Text);
        Input[id] = Input.GetValueOrDefault(id) + Encoding.UTF8.GetString(input.Span);
    }

    public Task CloseInputAsync(Sandbox sandbox, ProcessReference process, CancellationToken cancellationToken) => runtime.DoAsync($"close {sandbox.Name}: {process}", observer: null, cancellationToken);

    public Task<CommandExit> RunTerminalAsync(Sandbox sandbox, CommandRequest request, TerminalSession terminal, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No test has a terminal.");
}
