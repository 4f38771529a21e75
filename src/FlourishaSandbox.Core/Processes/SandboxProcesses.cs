using System.Collections.Concurrent;
using System.Globalization;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Processes;

/// <summary>Processes in sandboxes that go on without anybody waiting for them, and terminals.</summary>
/// <param name="runtime">What carries the sandboxes.</param>
public sealed class SandboxProcesses(ISandboxRuntime runtime)
{
    /// <summary>How long a process has between being asked to end and being killed, where nothing else is said: 2 s.</summary>
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(2);

    // Up to where each process's output was received, so that the next call gives what is new.
    private readonly ConcurrentDictionary<(string Sandbox, int Id, DateTimeOffset StartedAt), long> _received = new();

    /// <summary>Starts a process and leaves it to itself, as one does with a server. Its output is kept for whoever asks later.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="request">The command. A time-out ends it and all its descendants.</param>
    /// <param name="options">How it is started.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>The process.</returns>
    public Task<SandboxProcess> StartAsync(Sandbox sandbox, CommandRequest request, ProcessOptions options, OperationObserver observer, CancellationToken cancellationToken)
    {
        SandboxManager.Check(sandbox, request, observer);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return runtime.Processes.StartAsync(sandbox, request, options, cancellationToken);
    }

    /// <summary>The processes that were started in a sandbox and not by other processes in it, oldest first.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="includeEnded">Whether those that have ended, and whose output is still kept, are listed too.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The processes.</returns>
    public Task<IReadOnlyList<SandboxProcess>> ListAsync(Sandbox sandbox, bool includeEnded, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        return runtime.Processes.ListAsync(sandbox, includeEnded, cancellationToken);
    }

    /// <summary>The process that is meant, as it is now; also one that has ended, as long as its output is kept.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="reference">A process, its number or its tag.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    /// <returns>The process.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.ProcessNotFound"/>, or what the runtime throws.</exception>
    public async Task<SandboxProcess> GetAsync(Sandbox sandbox, ProcessReference reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var processes = await ListAsync(sandbox, includeEnded: true, cancellationToken).ConfigureAwait(false);

        // A number may have been given again, and a tag too: the latest is meant, unless the very process was named.
        var found = processes.LastOrDefault(process => reference.Process is { } named ? process.Id == named.Id && process.StartedAt == named.StartedAt : process.Id == reference.Id)
            ?? (reference.Process is null ? processes.LastOrDefault(process => process.Tag == reference.Text) : null);
        if (found is not null)
            return found;

        var known = processes.Count == 0 ? "It has none." : $"It has {string.Join(", ", processes.Take(5).Select(process => process.Tag is null ? $"{process.Id}" : $"{process.Id} ({process.Tag})"))}{(processes.Count > 5 ? ", …" : ".")}";
        throw new SandboxException(SandboxError.ProcessNotFound, $"There is no process '{reference}' in sandbox '{sandbox}'. {known}", reference.Text, "List them with Get-SandboxProcess -All or 'docker-sandbox ps --all'; those that ended long ago are forgotten.");
    }

    /// <summary>Waits until a process has ended.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="reference">Which process.</param>
    /// <param name="timeout">How long to wait; null for as long as it takes. The process is not ended.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The process, ended.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.TimedOut"/>, <see cref="SandboxError.ProcessNotFound"/>, or what the runtime throws.</exception>
    public async Task<SandboxProcess> WaitAsync(Sandbox sandbox, ProcessReference reference, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var process = await GetAsync(sandbox, reference, cancellationToken).ConfigureAwait(false);
        if (process.State == ProcessState.Ended)
            return process;

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (timeout is { } span && span != Timeout.InfiniteTimeSpan)
            limit.CancelAfter(Duration.ForTimer(span));

        try
        {
            using var ignored = new CommandOutputBuffer(limit: 0);
            await runtime.Processes.ReceiveAsync(sandbox, new ProcessReference(process), process.OutputBytes, follow: true, ignored, limit.Token).ConfigureAwait(false);
            return await GetAsync(sandbox, new ProcessReference(process), cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SandboxException(SandboxError.TimedOut, $"Process {process} in sandbox '{sandbox}' still ran after {timeout!.Value.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s.", process, "It goes on; wait again, or end it with Stop-SandboxProcess.");
        }
    }

    /// <summary>Receives a process's output.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="reference">Which process.</param>
    /// <param name="fromStart">True for everything that is kept, false for what came since this object last received output of this process.</param>
    /// <param name="follow">Whether to go on until the process ends.</param>
    /// <param name="output">Takes the output.</param>
    /// <param name="observer">Is warned of output that is lost.</param>
    /// <param name="cancellationToken">Ends the receiving; the process goes on.</param>
    /// <returns>How far it went.</returns>
    public async Task<ProcessReceipt> ReceiveAsync(Sandbox sandbox, ProcessReference reference, bool fromStart, bool follow, ICommandOutput output, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(observer);
        var process = await GetAsync(sandbox, reference, cancellationToken).ConfigureAwait(false);
        var key = (sandbox.Id, process.Id, process.StartedAt);
        var offset = fromStart ? 0 : _received.GetValueOrDefault(key);
        var counting = new CountingOutput(output, Math.Max(offset, process.LostBytes), reached => _received[key] = reached);
        var receipt = await runtime.Processes.ReceiveAsync(sandbox, new ProcessReference(process), offset, follow, counting, cancellationToken).ConfigureAwait(false);
        _received[key] = receipt.Offset;
        if (receipt.Lost > 0)
            observer.Warning($"{receipt.Lost} bytes of what process {process} in sandbox '{sandbox}' wrote are no longer kept: its newer output took their place. Start it with a larger -OutputLimit, or have it write to a file.");

        return receipt;
    }

    /// <summary>Ends a process and everything that it started, wherever it went.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="reference">Which process.</param>
    /// <param name="grace">How long it has between being asked and being killed; zero to kill at once.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What was ended.</returns>
    public async Task<StoppedProcess> StopAsync(Sandbox sandbox, ProcessReference reference, TimeSpan grace, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (grace < TimeSpan.Zero || grace > TimeSpan.FromMinutes(10))
            throw InvalidOption.Create("GracePeriod", grace, "is out of range", "Give from 0 to 10 minutes.");

        var process = await GetAsync(sandbox, reference, cancellationToken).ConfigureAwait(false);
        observer.Verbose($"Ending process {process.Id} in sandbox '{sandbox}' with everything that it started.");
        return await runtime.Processes.StopAsync(sandbox, new ProcessReference(process), grace, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes to a process's input, and is done when it was taken.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="reference">Which process.</param>
    /// <param name="input">What to write.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when everything was taken.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InputClosed"/>: it was started without an open input, or it was closed.</exception>
    public Task SendInputAsync(Sandbox sandbox, ProcessReference reference, ReadOnlyMemory<byte> input, CancellationToken cancellationToken) =>
        runtime.Processes.SendInputAsync(sandbox, reference, input, cancellationToken);

    /// <summary>Closes a process's input, so that it reads an end.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="reference">Which process.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when it is closed.</returns>
    public Task CloseInputAsync(Sandbox sandbox, ProcessReference reference, CancellationToken cancellationToken) =>
        runtime.Processes.CloseInputAsync(sandbox, reference, cancellationToken);

    /// <summary>Runs a command on a terminal, to its end. When the call is cancelled, it is dead before this throws.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="request">The command, for example a shell.</param>
    /// <param name="terminal">The near side.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    /// <returns>How it ended.</returns>
    public Task<CommandExit> RunTerminalAsync(Sandbox sandbox, CommandRequest request, TerminalSession terminal, OperationObserver observer, CancellationToken cancellationToken)
    {
        SandboxManager.Check(sandbox, request, observer);
        return runtime.Processes.RunTerminalAsync(sandbox, request, terminal, cancellationToken);
    }

    /// <summary>Keeps count of what was handed on, so that receiving that is broken off can go on where it was.</summary>
    private sealed class CountingOutput(ICommandOutput inner, long offset, Action<long> reached) : ICommandOutput
    {
        private long _offset = offset;

        public async ValueTask WriteAsync(OutputSource source, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            await inner.WriteAsync(source, data, cancellationToken).ConfigureAwait(false);
            reached(_offset += data.Length);
        }

        public ValueTask CompleteAsync(CancellationToken cancellationToken) => inner.CompleteAsync(cancellationToken);
    }
}
