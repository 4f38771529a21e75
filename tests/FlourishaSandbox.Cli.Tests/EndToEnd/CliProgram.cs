using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>
/// The program as it is shipped. FLOURISHA_CLI names it; else output/bin/docker-sandbox where no source is newer; else the plain build
/// beside the tests.
/// </summary>
public static class CliProgram
{
    private const int Interrupt = 2;
    private const int Terminate = 15;
    private static readonly Lazy<(string File, string[] Arguments)> Found = new(Find);

    /// <summary>How long a call may take before the test gives up: far above what any takes, far below what a person waits.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Whether this is the native program.</summary>
    public static bool IsNative => Found.Value.Arguments.Length == 0;

    /// <summary>The program as a line of a shell script, quoted.</summary>
    public static string ForShell => string.Join(' ', new[] { Found.Value.File }.Concat(Found.Value.Arguments).Select(word => $"'{word}'"));

    /// <summary>Calls the program and waits until it has ended.</summary>
    public static async Task<CliResult> RunAsync(IReadOnlyDictionary<string, string?> environment, byte[]? input, params string[] args)
    {
        using var process = Start(environment, args);
        var feeding = FeedAsync(process, input);
        var result = await FinishAsync(process);
        await feeding;
        return result;
    }

    /// <summary>Starts the program; its standard input stays open until it is closed.</summary>
    public static Process Start(IReadOnlyDictionary<string, string?> environment, params string[] args) =>
        StartProgram(Found.Value.File, [.. Found.Value.Arguments, .. args], environment);

    /// <summary>Runs a line of bash, in which the program is called by <see cref="ForShell"/>.</summary>
    public static async Task<CliResult> RunShellAsync(IReadOnlyDictionary<string, string?> environment, string script)
    {
        using var process = StartProgram("/bin/bash", ["-c", script], environment);
        process.StandardInput.Close();
        return await FinishAsync(process);
    }

    /// <summary>Waits until a program has ended, and takes its output.</summary>
    public static async Task<CliResult> FinishAsync(Process process, TimeSpan? patience = null)
    {
        using var limit = new CancellationTokenSource(patience ?? Patience);
        using var output = new MemoryStream();
        try
        {
            var reading = process.StandardOutput.BaseStream.CopyToAsync(output, limit.Token);
            var error = await process.StandardError.ReadToEndAsync(limit.Token);
            await reading;
            await process.WaitForExitAsync(limit.Token);
            return new CliResult(process.ExitCode, output.ToArray(), error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} did not end within {patience ?? Patience}.");
        }
    }

    /// <summary>Does what Ctrl+C does.</summary>
    public static void SendInterrupt(Process process) => Assert.Equal(0, Kill(process.Id, Interrupt));

    /// <summary>Asks a program to end.</summary>
    public static void SendTerminate(Process process) => Assert.Equal(0, Kill(process.Id, Terminate));

    /// <summary>Starts any program; its standard input stays open until it is closed.</summary>
    public static Process StartProgram(string file, IEnumerable<string> args, IReadOnlyDictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(file, args) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        return Process.Start(start)!;
    }

    private static async Task FeedAsync(Process process, byte[]? input)
    {
        try
        {
            await using var stream = process.StandardInput.BaseStream;
            await stream.WriteAsync(input ?? []);
        }
        catch (IOException)
        {
            return; // it ended without reading everything; the test looks at what it gave
        }
    }

    private static (string File, string[] Arguments) Find()
    {
        if (Environment.GetEnvironmentVariable("FLOURISHA_CLI") is { Length: > 0 } named)
            return (named, []);

        var staged = Path.Combine(Repository.Root, "output", "bin", "docker-sandbox");
        if (File.Exists(staged) && File.GetLastWriteTimeUtc(staged) > Repository.NewestSource())
            return (staged, []);

        return ("dotnet", [Path.Combine(AppContext.BaseDirectory, "docker-sandbox.dll")]);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
