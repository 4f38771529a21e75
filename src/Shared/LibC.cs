using System.Runtime.InteropServices;

namespace FlourishaSandbox.Terminals;

/// <summary>
/// The few calls of the C library by which standard streams and terminals are used as they are. .NET's own streams will not do: the
/// console's hides that a reader has gone, and a FileStream keeps a position of its own, so that in <c>(a; b) &gt; file 2&gt;&amp;1</c> one
/// overwrites the other.
/// </summary>
internal static partial class LibC
{
    public const int Interrupted = 4;
    private const int GetDescriptorFlags = 1;
    private const int CloseOnExec = 1;
    public const int BrokenPipe = 32;
    public const short PollIn = 1;
    public const short PollOut = 4;

    /// <summary>EAGAIN, which is no error: the descriptor was made non-blocking by somebody who shares it.</summary>
    public static int TryAgain { get; } = OperatingSystem.IsLinux() ? 11 : 35;

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static unsafe partial nint Write(int descriptor, byte* data, nuint count);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static unsafe partial nint Read(int descriptor, byte* data, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static unsafe partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    public static unsafe partial int GetTerminal(int descriptor, byte* settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    public static unsafe partial int SetTerminal(int descriptor, int when, byte* settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    public static unsafe partial void MakeRaw(byte* settings);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static unsafe partial int ControlDevice(int descriptor, nuint request, ushort* value);

    /// <summary>Becomes another program, with this one's number, streams and environment. Comes back only where that fails.</summary>
    /// <param name="path">The program.</param>
    /// <param name="words">Its name and its arguments, and a zero.</param>
    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true)]
    public static unsafe partial int Become(byte* path, byte** words);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command);

    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary>
    /// Whether a descriptor was handed down by whoever started us. Where a standard stream was closed, as some daemons start their
    /// children, the next file that the runtime opens gets its number: its random device, or the connection to an engine. Such files
    /// are marked to be closed on exec, which no inherited one can be.
    /// </summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <returns>False where it is closed or the runtime's own.</returns>
    public static bool IsInherited(int descriptor) => (Control(descriptor, GetDescriptorFlags) & CloseOnExec) == 0;

    /// <summary>Waits until a descriptor is ready, or has failed so that the next call says how.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="events"><see cref="PollIn"/> or <see cref="PollOut"/>.</param>
    /// <param name="milliseconds">How long to wait at most; -1 for ever.</param>
    /// <returns>Whether it is ready.</returns>
    public static unsafe bool WaitUntilReady(int descriptor, short events, int milliseconds)
    {
        var poll = new PollDescriptor { Descriptor = descriptor, Events = events };
        return Poll(&poll, 1, milliseconds) > 0;
    }
}
