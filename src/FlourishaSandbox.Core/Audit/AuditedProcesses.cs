using System.Globalization;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Audit;

/// <summary>Processes, written down: who started, fed and stopped them. What is sent to them is not.</summary>
/// <param name="inner">What does it.</param>
/// <param name="recorder">What writes it down.</param>
internal sealed class AuditedProcesses(ISandboxProcesses inner, AuditRecorder recorder) : ISandboxProcesses
{
    /// <inheritdoc/>
    public Task<SandboxProcess> StartAsync(Sandbox sandbox, CommandRequest request, ProcessOptions options, CancellationToken cancellationToken) =>
        recorder.RecordAsync(AuditedRuntime.OfCommand("process-start", sandbox, request), () => inner.StartAsync(sandbox, request, options, cancellationToken));

    /// <inheritdoc/>
    public Task<IReadOnlyList<SandboxProcess>> ListAsync(Sandbox sandbox, bool includeEnded, CancellationToken cancellationToken) => inner.ListAsync(sandbox, includeEnded, cancellationToken);

    /// <inheritdoc/>
    public Task<ProcessReceipt> ReceiveAsync(Sandbox sandbox, ProcessReference process, long offset, bool follow, ICommandOutput output, CancellationToken cancellationToken) =>
        inner.ReceiveAsync(sandbox, process, offset, follow, output, cancellationToken);

    /// <inheritdoc/>
    public Task<StoppedProcess> StopAsync(Sandbox sandbox, ProcessReference process, TimeSpan grace, CancellationToken cancellationToken) =>
        recorder.RecordAsync(Of("process-stop", sandbox, process) with { Frees = true }, () => inner.StopAsync(sandbox, process, grace, cancellationToken));

    /// <inheritdoc/>
    public Task SendInputAsync(Sandbox sandbox, ProcessReference process, ReadOnlyMemory<byte> input, CancellationToken cancellationToken) =>
        recorder.RecordAsync(Of("process-input", sandbox, process, ("bytes", input.Length.ToString(CultureInfo.InvariantCulture))), () => inner.SendInputAsync(sandbox, process, input, cancellationToken));

    /// <inheritdoc/>
    public Task CloseInputAsync(Sandbox sandbox, ProcessReference process, CancellationToken cancellationToken) =>
        recorder.RecordAsync(Of("process-input-close", sandbox, process), () => inner.CloseInputAsync(sandbox, process, cancellationToken));

    /// <inheritdoc/>
    public Task<CommandExit> RunTerminalAsync(Sandbox sandbox, CommandRequest request, TerminalSession terminal, CancellationToken cancellationToken) =>
        recorder.RecordAsync(AuditedRuntime.OfCommand("terminal", sandbox, request), () => inner.RunTerminalAsync(sandbox, request, terminal, cancellationToken), exit => new AuditedEnd(null, exit.ExitCode, exit.TimedOut));

    private static AuditedAction Of(string name, Sandbox sandbox, ProcessReference process, params (string Key, string? Value)[] detail) =>
        new(name, sandbox, [("process", process.ToString()), .. detail]);
}
