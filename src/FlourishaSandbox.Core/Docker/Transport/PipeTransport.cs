using System.ComponentModel;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Principal;
using FlourishaSandbox.Transport;

namespace FlourishaSandbox.Docker.Transport;

/// <summary>A Windows named pipe. The engine's is in message mode, and takes an empty message for the end of what we write.</summary>
internal sealed class PipeTransport : TransportStream
{
    private const int ErrorIoPending = 997;

    private readonly NamedPipeClientStream _pipe;

    private PipeTransport(NamedPipeClientStream pipe) => _pipe = pipe;

    /// <summary>Connects to a pipe of this machine.</summary>
    /// <param name="name">The pipe's name, without <c>\\.\pipe\</c>.</param>
    /// <param name="cancellationToken">Ends the attempt; it waits as long as the pipe is busy or not there.</param>
    public static async Task<PipeTransport> ConnectAsync(string name, CancellationToken cancellationToken)
    {
        var pipe = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous, TokenImpersonationLevel.Anonymous);
        try
        {
            await pipe.ConnectAsync(cancellationToken).ConfigureAwait(false);
            return new PipeTransport(pipe);
        }
        catch
        {
            await pipe.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _pipe.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _pipe.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask CloseWriteAsync(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            await Task.Run(WriteEmptyMessage, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _pipe.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>.NET drops a write of no bytes, so the message is written by the system's own call.</summary>
    [SupportedOSPlatform("windows")]
    private void WriteEmptyMessage()
    {
        using var done = new ManualResetEvent(initialState: false);
        // The low bit keeps the completion out of the pipe's completion port, where .NET would not know it.
        var overlapped = new NativeOverlapped { EventHandle = done.SafeWaitHandle.DangerousGetHandle() | 1 };
        if (WriteFile(_pipe.SafePipeHandle, 0, 0, 0, ref overlapped))
            return;
        var error = Marshal.GetLastPInvokeError();
        if (error != ErrorIoPending || !GetOverlappedResult(_pipe.SafePipeHandle, ref overlapped, out _, wait: true))
            throw new IOException($"The write side of the pipe cannot be closed: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
    }

#pragma warning disable SYSLIB1054 // The generator needs unsafe code in the whole project, for two calls with plain arguments.
    [DllImport("kernel32.dll", SetLastError = true, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool WriteFile(SafeHandle file, nint buffer, int count, nint written, ref NativeOverlapped overlapped);

    [DllImport("kernel32.dll", SetLastError = true, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetOverlappedResult(SafeHandle file, ref NativeOverlapped overlapped, out int transferred, [MarshalAs(UnmanagedType.Bool)] bool wait);
#pragma warning restore SYSLIB1054
}
