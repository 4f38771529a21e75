using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using FlourishaSandbox.Processes;

namespace FlourishaSandbox.Terminals;

/// <summary>The terminal on standard input and output of Linux and macOS.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed unsafe class UnixTerminal : RawTerminal
{
    // Larger than any system's struct termios, which nobody has to look into.
    private const int SettingsSize = 256;
    private const int Now = 0;
    private const nuint GetWindowSize = 0x5413; // TIOCGWINSZ
    private const int PollMilliseconds = 50;

    private readonly byte[] _before = new byte[SettingsSize];
    private readonly byte[] _raw;
    private readonly List<PosixSignalRegistration> _signals;

    /// <summary>Makes the terminal raw.</summary>
    public UnixTerminal()
    {
        fixed (byte* settings = _before)
        {
            if (LibC.GetTerminal(0, settings) != 0)
                throw Failed("be asked for its settings");
        }

        _raw = [.. _before];
        fixed (byte* settings = _raw)
            LibC.MakeRaw(settings);

        // Also where the process is ended from outside while the terminal is raw.
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        Apply(_raw);
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => OnResized()),
            PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => Apply(_raw)), // a shell that stopped us has had the terminal meanwhile
        ];
    }

    /// <inheritdoc/>
    protected override TerminalSize Size
    {
        get
        {
            // Only on Linux can a function of variable arguments be called like any other; elsewhere the console knows.
            var size = stackalloc ushort[4];
            return OperatingSystem.IsLinux() && LibC.ControlDevice(1, GetWindowSize, size) == 0 && size[0] > 0 && size[1] > 0
                ? new TerminalSize(size[1], size[0])
                : new TerminalSize(Math.Max(1, Console.WindowWidth), Math.Max(1, Console.WindowHeight));
        }
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer, CancellationToken cancellationToken)
    {
        while (!IsOver)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!LibC.WaitUntilReady(0, LibC.PollIn, PollMilliseconds))
                continue;

            fixed (byte* data = buffer)
            {
                var count = LibC.Read(0, data, (nuint)buffer.Length);
                if (count >= 0)
                    return (int)count;
            }

            if (!IsPassing(Marshal.GetLastPInvokeError()))
                throw Failed("be read");
        }

        return 0;
    }

    /// <inheritdoc/>
    protected override void Write(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            fixed (byte* bytes = data)
            {
                var written = LibC.Write(1, bytes, (nuint)data.Length);
                if (written >= 0)
                {
                    data = data[(int)written..];
                    continue;
                }
            }

            if (!IsPassing(Marshal.GetLastPInvokeError()))
                throw Failed("be written to");

            LibC.WaitUntilReady(1, LibC.PollOut, PollMilliseconds);
        }
    }

    /// <inheritdoc/>
    protected override void Restore()
    {
        foreach (var signal in _signals)
            signal.Dispose();

        Apply(_before);
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
    }

    private static void Apply(byte[] settings)
    {
        fixed (byte* data = settings)
            LibC.SetTerminal(0, Now, data); // where that fails there is no terminal any more, and reading says so
    }

    private static bool IsPassing(int error) => error == LibC.Interrupted || error == LibC.TryAgain;

    private static IOException Failed(string what) => new($"The terminal cannot {what}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    private void OnProcessExit(object? sender, EventArgs e) => Dispose();
}
