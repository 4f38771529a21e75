using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using FlourishaSandbox.Processes;

namespace FlourishaSandbox.Terminals;

/// <summary>The console of Windows, which speaks the same escape sequences as all other terminals when it is told to.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe partial class WindowsTerminal : RawTerminal
{
    private const int StandardInput = -10;
    private const int StandardOutput = -11;
    private const uint WindowInput = 0x8;
    private const uint VirtualTerminalInput = 0x200;
    private const uint ProcessedOutput = 0x1;
    private const uint VirtualTerminalOutput = 0x4;
    private const uint NoAutomaticReturn = 0x8;
    private const uint Utf8 = 65001;
    private const ushort KeyEvent = 1;
    private const ushort SizeEvent = 4;
    private const ushort AltKey = 0x12;
    private const uint WaitMilliseconds = 50;

    private readonly nint _input = GetHandle(StandardInput);
    private readonly nint _output = GetHandle(StandardOutput);
    private readonly Stream _screen = Console.OpenStandardOutput();
    private readonly uint _codePage = GetOutputCodePage();
    private readonly Encoder _encoder = Encoding.UTF8.GetEncoder(); // a character may come in two halves
    private readonly uint _inputMode;
    private readonly uint _outputMode;

    /// <summary>Makes the console raw.</summary>
    public WindowsTerminal()
    {
        if (GetMode(_input, out _inputMode) == 0 || GetMode(_output, out _outputMode) == 0)
            throw new IOException($"The console cannot be asked for its mode: error {Marshal.GetLastPInvokeError()}");

        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        _ = SetMode(_input, VirtualTerminalInput | WindowInput);
        _ = SetMode(_output, ProcessedOutput | VirtualTerminalOutput | NoAutomaticReturn);
        _ = SetOutputCodePage(Utf8);
    }

    /// <inheritdoc/>
    protected override TerminalSize Size => new(Math.Max(1, Console.WindowWidth), Math.Max(1, Console.WindowHeight));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer, CancellationToken cancellationToken)
    {
        while (!IsOver)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Wait(_input, WaitMilliseconds) != 0)
                continue;

            // A character takes at most 3 bytes, or 4 in two halves; whoever reads gives more room than that.
            var count = 0;
            while (buffer.Length - count >= 4 && CountEvents(_input, out var waiting) != 0 && waiting > 0)
                count += ReadOne(buffer[count..]);

            if (count > 0)
                return count;
        }

        return 0;
    }

    /// <inheritdoc/>
    protected override void Write(ReadOnlySpan<byte> data)
    {
        _screen.Write(data);
        _screen.Flush();
    }

    /// <inheritdoc/>
    protected override void Restore()
    {
        _ = SetMode(_input, _inputMode);
        _ = SetMode(_output, _outputMode);
        _ = SetOutputCodePage(_codePage);
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
    }

    private int ReadOne(Span<byte> buffer)
    {
        InputRecord record;
        if (ReadEvents(_input, &record, 1, out var read) == 0 || read == 0)
            throw new IOException($"The console cannot be read: error {Marshal.GetLastPInvokeError()}");

        if (record.Type == SizeEvent)
            OnResized();

        // A key that is let go counts only where it brings a character: so come those that were typed by number.
        if (record.Type != KeyEvent || record.Character == 0 || (record.IsDown == 0 && record.VirtualKey != AltKey))
            return 0;

        var character = (char)record.Character;
        return _encoder.GetBytes(new ReadOnlySpan<char>(in character), buffer, flush: false);
    }

    private void OnProcessExit(object? sender, EventArgs e) => Dispose();

    [StructLayout(LayoutKind.Explicit, Size = 20)]
    private struct InputRecord
    {
        [FieldOffset(0)]
        public ushort Type;

        [FieldOffset(4)]
        public int IsDown;

        [FieldOffset(10)]
        public ushort VirtualKey;

        [FieldOffset(14)]
        public ushort Character;
    }

    [LibraryImport("kernel32", EntryPoint = "GetStdHandle")]
    private static partial nint GetHandle(int which);

    [LibraryImport("kernel32", EntryPoint = "GetConsoleMode", SetLastError = true)]
    private static partial int GetMode(nint handle, out uint mode);

    [LibraryImport("kernel32", EntryPoint = "SetConsoleMode", SetLastError = true)]
    private static partial int SetMode(nint handle, uint mode);

    [LibraryImport("kernel32", EntryPoint = "GetConsoleOutputCP")]
    private static partial uint GetOutputCodePage();

    [LibraryImport("kernel32", EntryPoint = "SetConsoleOutputCP", SetLastError = true)]
    private static partial int SetOutputCodePage(uint codePage);

    [LibraryImport("kernel32", EntryPoint = "WaitForSingleObject")]
    private static partial uint Wait(nint handle, uint milliseconds);

    [LibraryImport("kernel32", EntryPoint = "GetNumberOfConsoleInputEvents", SetLastError = true)]
    private static partial int CountEvents(nint handle, out uint count);

    [LibraryImport("kernel32", EntryPoint = "ReadConsoleInputW", SetLastError = true)]
    private static partial int ReadEvents(nint handle, InputRecord* records, uint length, out uint read);
}
