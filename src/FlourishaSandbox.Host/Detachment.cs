using System.Runtime.InteropServices;

namespace FlourishaSandbox.Host;

/// <summary>Takes the process out of the hands of the terminal that it was started from.</summary>
internal static partial class Detachment
{
    /// <summary>Begins a session of its own: neither Ctrl+C at the terminal nor its end reaches the process any more.</summary>
    public static void LeaveTerminal()
    {
        // It fails where the process leads a group already, which a shell's job does: that one's terminal is the user's own affair.
        if (!OperatingSystem.IsWindows())
            _ = BeginSession();
    }

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int BeginSession();
}
