using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using FlourishaSandbox.Agent.Limits;
using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Agent.Probes;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Agent.Processes;

/// <summary>Starts processes: each in a session of its own, below a supervisor of its own.</summary>
/// <param name="state">What they start with.</param>
/// <param name="table">Where they go.</param>
/// <param name="reactor">Who reads their output.</param>
/// <param name="disk">What they may write to the disk.</param>
/// <param name="group">Where the kernel tells what it ended for want of memory.</param>
internal sealed class ProcessLauncher(AgentState state, ProcessTable table, Reactor reactor, DiskGuard disk, ControlGroup group)
{
    private const string SupervisorName = "flourisha-supervisor";
    private const string NoTerminal = "-";
    private const string NoLimit = "-";
    private const int LongestTerminalPath = 64;

    // A process that nobody can come back to needs no past.
    private const int TransientLimit = 256 * 1024;

    /// <summary>Starts a process.</summary>
    /// <param name="request">What to start; checked already, see <see cref="StartCheck"/>.</param>
    /// <param name="folder">The folder to start in.</param>
    /// <returns>The process, when it runs, and a reader that gets all of its output; to be disposed.</returns>
    /// <exception cref="ConnectException">It could not be started.</exception>
    public async Task<(AgentProcess Process, OutputReader Reader)> StartAsync(StartRequest request, string folder)
    {
        var isTransient = request.Flourisha?.EndWithStream == true;
        var limit = request.Flourisha?.OutputLimit ?? state.Options.OutputLimit;
        var output = new ProcessOutput(reactor, isTransient ? Math.Min(limit, TransientLimit) : limit, keepsRead: !isTransient, state.Options.MaximumOutput);

        // Before there is anything to read: a process can have ended, and be forgotten, before anybody is told that it runs.
        var reader = output.Attach(0);
        try
        {
            var process = Spawn(request, folder, output);
            await process.Started;
            return (process, reader);
        }
        catch (ConnectException)
        {
            reader.Dispose();
            throw;
        }
    }

    private unsafe AgentProcess Spawn(StartRequest request, string folder, ProcessOutput output)
    {
        using var descriptors = new DescriptorSet();
        var (reports, status) = descriptors.OpenPipe();
        var terminal = NoTerminal;
        List<(int, OutputSource)> outputs = [];
        InputPipe? input = null;
        var streams = stackalloc int[3];
        if (request.Pty is { } pty)
        {
            var master = OpenTerminal(descriptors, pty, out terminal);
            outputs.Add((master, OutputSource.Pty));
            input = new InputPipe(descriptors.Duplicate(master), reactor);
            streams[0] = streams[1] = streams[2] = descriptors.OpenNull();
        }
        else
        {
            (var stdout, streams[1]) = descriptors.OpenPipe();
            (var stderr, streams[2]) = descriptors.OpenPipe();
            outputs.AddRange([(stdout, OutputSource.Stdout), (stderr, OutputSource.Stderr)]);
            DescriptorSet.MakeNonBlocking(stdout);
            DescriptorSet.MakeNonBlocking(stderr);
            if (request.Stdin == false)
            {
                streams[0] = descriptors.OpenNull();
            }
            else
            {
                (streams[0], var writer) = descriptors.OpenPipe();
                DescriptorSet.MakeNonBlocking(writer);
                input = new InputPipe(writer, reactor);
            }
        }

        DescriptorSet.MakeNonBlocking(reports);
        var process = new AgentProcess(table, request, output, group) { Input = input };
        using var arguments = new NativeStrings([SupervisorName, terminal, disk.Limit?.ToString(CultureInfo.InvariantCulture) ?? NoLimit, request.Process!.Cmd, request.Process.Cmd, .. request.Process.Args ?? []]);
        using var environment = new NativeStrings(EnvironmentOf(request));
        table.Spawn(process, () => Spawn(arguments, environment, folder, streams, status));

        // What the process has is closed here; what we have is kept.
        descriptors.Keep(reports);
        outputs.ForEach(stream => descriptors.Keep(stream.Item1));
        if (input is not null)
            descriptors.Keep(input.Descriptor);

        disk.Wake();
        new SupervisorReports(process, reports, outputs).Watch(reactor);
        return process;
    }

    private static unsafe int Spawn(NativeStrings arguments, NativeStrings environment, string folder, int* streams, int status)
    {
        int pid;
        fixed (byte* path = Encoding.UTF8.GetBytes(folder + '\0'))
        {
            var error = FlourishaNative.Spawn(arguments.Pointers, environment.Pointers, path, streams, status, &pid);
            return error == 0 ? pid : throw Errno.ToException(error, "the process could not be started");
        }
    }

    private static unsafe int OpenTerminal(DescriptorSet descriptors, Pty pty, out string path)
    {
        var buffer = stackalloc byte[LongestTerminalPath];
        var master = FlourishaNative.OpenTerminal(buffer, LongestTerminalPath);
        if (master < 0)
            throw Errno.ToException(-master, "a terminal could not be opened");

        descriptors.Add(master);
        path = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer));
        InputPipe.Resize(master, pty.Size ?? StartCheck.UsualSize);
        return master;
    }

    private List<string> EnvironmentOf(StartRequest request)
    {
        var variables = state.CopyEnvironment();
        if (request.Pty is not null)
            variables.TryAdd("TERM", "xterm-256color");

        foreach (var (name, value) in request.Process!.Envs ?? new Dictionary<string, string>())
            variables[name] = value;

        return [.. variables.Select(variable => $"{variable.Key}={variable.Value}")];
    }
}
