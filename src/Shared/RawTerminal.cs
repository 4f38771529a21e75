using System.Threading.Channels;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Terminals;

/// <summary>
/// This process's own terminal, raw from opening to disposal: every key is handed on as it is, also Ctrl+C, and what comes back is shown
/// as it is. Whatever happens, it is put back as it was.
/// </summary>
internal abstract class RawTerminal : ICommandOutput, IDisposable
{
    private readonly Channel<TerminalSize> _sizes = Channel.CreateBounded<TerminalSize>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private int _isOver;

    /// <summary>The near side of a sandbox's terminal.</summary>
    public TerminalSession Session => new() { Size = Size, Resizes = _sizes.Reader, Input = new TerminalInput(this), Output = this };

    /// <summary>Its size now.</summary>
    protected abstract TerminalSize Size { get; }

    /// <summary>Whether it has been put back.</summary>
    protected bool IsOver => Volatile.Read(ref _isOver) != 0;

    /// <summary>Makes the terminal raw.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: there is no terminal.</exception>
    public static RawTerminal Open()
    {
        if (Console.IsInputRedirected || Console.IsOutputRedirected)
            throw new SandboxException(SandboxError.InvalidOption, $"A shell needs a terminal, and standard {(Console.IsInputRedirected ? "input" : "output")} is none here.", remedy: "Call it at a prompt. In scripts, run commands with Invoke-SandboxCommand or 'docker-sandbox exec'.");

        return OperatingSystem.IsWindows() ? new WindowsTerminal() : new UnixTerminal();
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(OutputSource source, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        Write(data.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Puts the terminal back as it was.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
            Restore();
    }

    /// <summary>Waits for keys, and takes no more than there is room for, so that none is lost for whoever reads after us.</summary>
    /// <returns>How many bytes were typed; 0 when it is over.</returns>
    public abstract int Read(Span<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Shows bytes.</summary>
    protected abstract void Write(ReadOnlySpan<byte> data);

    /// <summary>Puts everything back. Called once.</summary>
    protected abstract void Restore();

    /// <summary>Tells the far side of a new size.</summary>
    protected void OnResized() => _sizes.Writer.TryWrite(Size);
}
