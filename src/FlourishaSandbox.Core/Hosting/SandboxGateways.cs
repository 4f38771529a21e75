using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using FlourishaSandbox.Agents;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Hosting;

/// <summary>Starts, finds and ends gateways of this user on this machine. They are processes of their own, which outlive whoever started them.</summary>
public sealed class SandboxGateways
{
    private const string ProgramName = "docker-sandbox-gateway";
    private const int Terminate = 15;

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(25);

    private readonly GatewayRecords _records = new();

    /// <summary>The gateways that serve, by their ports.</summary>
    /// <returns>The gateways.</returns>
    public IReadOnlyList<SandboxGateway> List() => _records.List();

    /// <summary>The failure that no gateway listens on a port.</summary>
    /// <param name="port">The port.</param>
    /// <param name="gateways">Those that there are.</param>
    /// <returns>The failure.</returns>
    public static SandboxException NotFound(int port, IReadOnlyList<SandboxGateway> gateways)
    {
        ArgumentNullException.ThrowIfNull(gateways);
        return new SandboxException(SandboxError.ProcessNotFound, $"No gateway of yours listens on port {port}.", port, gateways.Count == 0 ? "There is none; Start-SandboxGateway and 'docker-sandbox gateway start' start one." : $"There are: {string.Join(", ", gateways)}.");
    }

    /// <summary>Starts a gateway, and waits until it listens.</summary>
    /// <param name="options">How it is to serve.</param>
    /// <param name="cancellationToken">Ends the wait, and then the gateway.</param>
    /// <returns>The gateway.</returns>
    /// <exception cref="SandboxException">
    /// <see cref="SandboxError.InvalidOption"/>, <see cref="SandboxError.PathNotFound"/>: an option cannot be used. <see cref="SandboxError.NameInUse"/>:
    /// one listens there. <see cref="SandboxError.HostRefused"/>: its program is missing, or it ended, with its own words.
    /// <see cref="SandboxError.TimedOut"/>: it did not listen within 30 s.
    /// </exception>
    public async Task<SandboxGateway> StartAsync(GatewayOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (List().FirstOrDefault(each => each.Port == options.Port && each.Address == options.Address.ToString()) is { } known)
            throw new SandboxException(SandboxError.NameInUse, $"A gateway listens on {known.Address}:{known.Port} already; it is process {known.ProcessId}.", known, "Use it, end it with Stop-SandboxGateway, or choose another port.");

        var program = FindProgram();
        var start = new ProcessStartInfo(program, ["--detached", "--log", _records.LogFor(options.Port), .. options.ToWords()])
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start) ?? throw new Win32Exception();
            process.StandardInput.Close();
            try
            {
                return await AwaitAsync(process, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
        catch (Win32Exception e)
        {
            throw new SandboxException(SandboxError.HostRefused, $"The program '{program}' cannot be run: {e.Message}", program, "Install the product again, as a whole.", e);
        }
    }

    /// <summary>Ends a gateway. What is under way has some seconds to end first; one that has ended already is no error.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="cancellationToken">Ends the wait, not the end.</param>
    /// <returns>When it has ended.</returns>
    public async Task StopAsync(SandboxGateway gateway, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        if (GatewayRecords.HasEnded(gateway))
            return;

        if (!OperatingSystem.IsWindows())
            _ = SendSignal(gateway.ProcessId, Terminate);

        var started = Stopwatch.GetTimestamp();
        while (!GatewayRecords.HasEnded(gateway))
        {
            if (OperatingSystem.IsWindows() || Stopwatch.GetElapsedTime(started) > s_stopLimit)
            {
                Kill(gateway);
                break;
            }

            await Task.Delay(s_poll, cancellationToken).ConfigureAwait(false);
        }

        // What was killed has not taken its record away; whoever looks does.
        _ = List();
    }

    private static void Kill(SandboxGateway gateway)
    {
        try
        {
            using var process = Process.GetProcessById(gateway.ProcessId);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return; // it ended by itself just now
        }
    }

    private async Task<SandboxGateway> AwaitAsync(Process process, CancellationToken cancellationToken)
    {
        var words = process.StandardError.ReadToEndAsync(cancellationToken);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (List().FirstOrDefault(each => each.ProcessId == process.Id) is { } gateway)
                return gateway;

            if (process.HasExited)
            {
                var text = (await words.ConfigureAwait(false)).Trim();
                throw new SandboxException(SandboxError.HostRefused, $"The gateway did not start: {(text.StartsWith("error: ", StringComparison.Ordinal) ? text["error: ".Length..] : text.Length > 0 ? text : $"it ended with exit code {process.ExitCode}")}");
            }

            if (Stopwatch.GetElapsedTime(started) > s_startLimit)
                throw new SandboxException(SandboxError.TimedOut, $"The gateway did not listen within {s_startLimit.TotalSeconds:0} s.", remedy: "See whether the engine answers: Get-Sandbox, or docker-sandbox list.");

            await Task.Delay(s_poll, cancellationToken).ConfigureAwait(false);
        }
    }

    // Beside the agents in the module, beside the program of the command line.
    private static string FindProgram()
    {
        var folder = Path.GetDirectoryName(AgentBinary.ProductFolder)!;
        string[] places = [Path.Combine(folder, "gateway", "linux-x64", ProgramName), Path.Combine(folder, ProgramName)];
        return places.FirstOrDefault(File.Exists)
            ?? throw new SandboxException(SandboxError.HostRefused, $"This needs the gateway's program, which is not there: '{places[0]}'.", places[0], "It comes with the product for Linux on x64.");
    }

    [DllImport("libc", EntryPoint = "kill", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
