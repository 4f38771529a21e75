using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using FlourishaSandbox.Sandboxes;
using FlourishaSandbox.Terminals;

namespace FlourishaSandbox.Cli;

/// <summary>
/// A program beside this one, which has verbs that this one cannot have: a server, or what needs a browser. As with git's, nobody need know
/// that it is another.
/// </summary>
/// <param name="Path">The program's path below this one's folder, without the system's ending for programs.</param>
internal sealed record Companion(string Path)
{
    /// <summary>The gateway.</summary>
    public static Companion Gateway { get; } = new("docker-sandbox-gateway");

    /// <summary>What needs a browser.</summary>
    public static Companion Browser { get; } = new(System.IO.Path.Combine("browser", "docker-sandbox-browser"));

    private string FullPath => System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? Path + ".exe" : Path);

    /// <summary>Becomes the program, or where a process cannot, runs it to its end on the same streams.</summary>
    /// <param name="arguments">Its arguments, as they are.</param>
    /// <returns>Its exit code, where this process did not become it.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.HostRefused"/>: it is not there, or cannot be run.</exception>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (!File.Exists(FullPath))
            throw new SandboxException(SandboxError.HostRefused, $"This needs the program '{FullPath}', which is not there.", FullPath, "Install the command line as a whole: that program belongs beside this one.");

        if (!OperatingSystem.IsWindows())
            throw Refused(new Win32Exception(Become(arguments)));

        try
        {
            using var process = Process.Start(new ProcessStartInfo(FullPath, arguments) { UseShellExecute = false }) ?? throw new Win32Exception();
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
        catch (Win32Exception e)
        {
            throw Refused(e);
        }
    }

    // The number of the failure; it does not come back otherwise.
    private unsafe int Become(IReadOnlyList<string> arguments)
    {
        var words = new byte*[arguments.Count + 2];
        words[0] = Text(FullPath);
        for (var i = 0; i < arguments.Count; i++)
            words[i + 1] = Text(arguments[i]);

        fixed (byte** first = words)
            _ = LibC.Become(words[0], first);

        return Marshal.GetLastPInvokeError();

        // Never freed: either this process is another one, or it ends.
        static byte* Text(string word)
        {
            var bytes = Encoding.UTF8.GetBytes(word + '\0');
            var text = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
            bytes.CopyTo(new Span<byte>(text, bytes.Length));
            return text;
        }
    }

    private SandboxException Refused(Win32Exception e) =>
        new(SandboxError.HostRefused, $"The program '{FullPath}' cannot be run: {e.Message}.", FullPath, "Install the command line again, as a whole.", e);
}
