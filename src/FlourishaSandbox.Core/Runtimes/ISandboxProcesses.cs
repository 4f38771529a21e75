using FlourishaSandbox.Commands;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>
/// Processes of a runtime's sandboxes that live longer than a call. Every method also throws <see cref="SandboxError.AgentUnavailable"/>
/// where the sandbox has no agent, <see cref="SandboxError.ProcessNotFound"/> where the process is not there, and what every method of
/// <see cref="ISandboxRuntime"/> throws.
/// </summary>
public interface ISandboxProcesses
{
    /// <summary>Starts a process and leaves it to itself; its output is kept.</summary>
    /// <exception cref="SandboxException">Also <see cref="SandboxError.CommandNotFound"/> and <see cref="SandboxError.PathNotFound"/>.</exception>
    Task<SandboxProcess> StartAsync(Sandbox sandbox, CommandRequest request, ProcessOptions options, CancellationToken cancellationToken);

    /// <summary>The processes that were started through the agent, oldest first.</summary>
    Task<IReadOnlyList<SandboxProcess>> ListAsync(Sandbox sandbox, bool includeEnded, CancellationToken cancellationToken);

    /// <summary>Receives a process's output from an offset on: what there is, or everything until the process ends.</summary>
    Task<ProcessReceipt> ReceiveAsync(Sandbox sandbox, ProcessReference process, long offset, bool follow, ICommandOutput output, CancellationToken cancellationToken);

    /// <summary>Ends a process with all its descendants.</summary>
    Task<StoppedProcess> StopAsync(Sandbox sandbox, ProcessReference process, TimeSpan grace, CancellationToken cancellationToken);

    /// <summary>Writes to a process's input, and is done when it was taken.</summary>
    /// <exception cref="SandboxException">Also <see cref="SandboxError.InputClosed"/>.</exception>
    Task SendInputAsync(Sandbox sandbox, ProcessReference process, ReadOnlyMemory<byte> input, CancellationToken cancellationToken);

    /// <summary>Closes a process's input.</summary>
    /// <exception cref="SandboxException">Also <see cref="SandboxError.InputClosed"/>.</exception>
    Task CloseInputAsync(Sandbox sandbox, ProcessReference process, CancellationToken cancellationToken);

    /// <summary>Runs a command on a terminal to its end.</summary>
    /// <exception cref="SandboxException">Also <see cref="SandboxError.CommandNotFound"/> and <see cref="SandboxError.PathNotFound"/>.</exception>
    Task<CommandExit> RunTerminalAsync(Sandbox sandbox, CommandRequest request, TerminalSession terminal, CancellationToken cancellationToken);
}
