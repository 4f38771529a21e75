using System.Diagnostics;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>Commands through the engine's exec.</summary>
/// <param name="client">The engine.</param>
internal sealed class DockerCommands(DockerClient client)
{
    // Every descendant inherits it, also one that left its session and its parent: that is how a whole tree is found again.
    private const string Marker = "FLOURISHA_COMMAND";

    private const int BufferSize = 64 << 10;

    // How often the engine is asked whether a command that is silent has ended: its stream stays open as long as any descendant holds it.
    private static readonly TimeSpan SilencePoll = TimeSpan.FromMilliseconds(300);

    // How long after a command's end its last output may take to arrive, where something else holds the stream open.
    private static readonly TimeSpan LastOutput = TimeSpan.FromMilliseconds(150);

    // The engine closes a command's streams a moment before it knows that the command has ended; usually some milliseconds.
    private static readonly TimeSpan EndKnown = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OnItsWay = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan EndPoll = TimeSpan.FromMilliseconds(2);

    // How long an engine that went away is waited for, where a command that nobody waits for any more is to be ended.
    private static readonly TimeSpan ComeBack = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ComeBackPoll = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs a command to its end; see <see cref="ISandboxRuntime.RunAsync"/>.</summary>
    public async Task<CommandExit> RunAsync(Sandbox sandbox, CommandRequest request, Stream? input, ICommandOutput output, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (request.Timeout is { } timeout)
            limit.CancelAfter(Duration.ForTimer(timeout));

        var marker = Guid.NewGuid().ToString("N");
        var guarded = new StartFailureGuard(output);
        var mayRun = false;
        var exec = "";
        try
        {
            exec = await client.Execs.CreateAsync(sandbox.Id, ToExec(request, marker, attach: true, input is not null), limit.Token).ConfigureAwait(false);
            mayRun = true;
            var stream = await client.Execs.StartAsync(exec, tty: false, limit.Token).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
                await PumpAsync(exec, stream, input, guarded, limit.Token).ConfigureAwait(false);

            var state = await WaitForEndAsync(exec, limit.Token).ConfigureAwait(false);
            mayRun = false;
            if (state.ExitCode is 126 or 127 or 255 && guarded.Text is { } text)
                throw StartFailed(sandbox, request, text);

            await guarded.CompleteAsync(limit.Token).ConfigureAwait(false);
            return new CommandExit(state.ExitCode, TimedOut: false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            if (mayRun)
                await KillTreeAsync(sandbox, exec, request.User, marker).ConfigureAwait(false);

            cancellationToken.ThrowIfCancellationRequested();
            await guarded.CompleteAsync(CancellationToken.None).ConfigureAwait(false);
            return new CommandExit(null, TimedOut: true);
        }
        catch (Exception e) when (mayRun && e is not DockerException)
        {
            // The taker of the output failed, or the connection did: nobody waits for this command any more. Where the engine itself
            // refused, nothing was started.
            await KillTreeAsync(sandbox, exec, request.User, marker).ConfigureAwait(false);
            if (e is EngineStreamException)
                throw new SandboxException(SandboxError.EngineUnreachable, $"The connection to {sandbox.Engine} was lost while a command ran in sandbox '{sandbox}', and the command was ended: {e.Message}", sandbox, "See that the Docker Engine runs, and run the command again.", e);

            throw;
        }
    }

    /// <summary>Starts a command and leaves it; see <see cref="ISandboxRuntime.StartAsync"/>.</summary>
    public async Task StartAsync(Sandbox sandbox, CommandRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var exec = await client.Execs.CreateAsync(sandbox.Id, ToExec(request, Guid.NewGuid().ToString("N"), attach: false, hasInput: false), cancellationToken).ConfigureAwait(false);
            await client.Execs.StartDetachedAsync(exec, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerException e) when (e.EngineMessage.Contains(StartFailureGuard.NotStarted, StringComparison.Ordinal))
        {
            throw StartFailed(sandbox, request, e.EngineMessage);
        }
    }

    private static ExecCreateRequest ToExec(CommandRequest request, string marker, bool attach, bool hasInput) => new()
    {
        Cmd = [.. request.CommandLine],
        Env = [.. request.Environment.Select(variable => $"{variable.Key}={variable.Value}"), $"{Marker}={marker}"],
        User = request.User,
        WorkingDir = request.WorkingDirectory,
        AttachStdin = hasInput,
        AttachStdout = attach,
        AttachStderr = attach,
    };

    private async Task PumpAsync(string exec, MultiplexedStream stream, Stream? input, ICommandOutput output, CancellationToken cancellationToken)
    {
        using var inputEnd = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var feeding = input is null ? Task.CompletedTask : FeedAsync(input, stream, inputEnd.Token);

        // No rented one: a read may be left behind that still writes to it.
        var buffer = new byte[BufferSize];
        try
        {
            while (await ReadAsync(exec, stream, buffer, feeding, cancellationToken).ConfigureAwait(false) is { Count: > 0 } chunk)
            {
                var source = chunk.Kind == StreamKind.Error ? OutputSource.Error : OutputSource.Output;
                await output.WriteAsync(source, buffer.AsMemory(0, chunk.Count), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            // A terminal or an open pipe may never end; the command has, and that is what counts. What failed while reading the input
            // of a command that still ran has to be told.
            await inputEnd.CancelAsync().ConfigureAwait(false);
            if (feeding.IsFaulted)
                await feeding.ConfigureAwait(false);
        }
    }

    private async Task<StreamChunk?> ReadAsync(string exec, MultiplexedStream stream, Memory<byte> buffer, Task feeding, CancellationToken cancellationToken)
    {
        var reading = ReadChunkAsync(stream, buffer, cancellationToken);
        while (!reading.IsCompleted)
        {
            using var pollEnd = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var isSilent = await Task.WhenAny(reading, Task.Delay(SilencePoll, pollEnd.Token)).ConfigureAwait(false) != reading;
            await pollEnd.CancelAsync().ConfigureAwait(false);
            if (!isSilent)
                break;

            cancellationToken.ThrowIfCancellationRequested();

            // A command may wait for the rest of an input that will not come.
            if (feeding.IsFaulted)
                await feeding.ConfigureAwait(false);

            if ((await client.Execs.InspectAsync(exec, cancellationToken).ConfigureAwait(false)).Running)
                continue;

            // It has ended, but something that it left behind holds its output. What it wrote itself has had time to arrive.
            if (await Task.WhenAny(reading, Task.Delay(LastOutput, cancellationToken)).ConfigureAwait(false) != reading)
            {
                cancellationToken.ThrowIfCancellationRequested();
                return null;
            }
        }

        return await reading.ConfigureAwait(false);
    }

    private static async Task<StreamChunk> ReadChunkAsync(MultiplexedStream stream, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new EngineStreamException(e.Message, e);
        }
    }

    private async Task<ExecInspection> WaitForEndAsync(string exec, CancellationToken cancellationToken)
    {
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            var state = await client.Execs.InspectAsync(exec, cancellationToken).ConfigureAwait(false);
            if (!state.Running)
                return state;

            if (Stopwatch.GetElapsedTime(started) > EndKnown)
                throw new EngineStreamException("The engine closed the stream, but the command still ran.");

            await Task.Delay(EndPoll, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task FeedAsync(Stream input, MultiplexedStream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        while (true)
        {
            // Not on the caller's thread: reading from a console or a pipe may block, whatever its signature says.
            var read = await Task.Run(async () => await input.ReadAsync(buffer, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            try
            {
                if (read == 0)
                {
                    await stream.CloseWriteAsync(cancellationToken).ConfigureAwait(false);
                    return;
                }

                await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }
            catch (IOException)
            {
                return; // the command ended, or closed its input, before it had read everything; its exit code tells the rest
            }
        }
    }

    /// <summary>
    /// Kills everything that bears the marker, again and again until nothing does, so that no fork slips through, and until the engine
    /// says that the command does not run, so that none starts afterwards that was asked for before. Where that cannot be
    /// done (the image has no shell or grep, or the sandbox is at its process limit), the whole sandbox is stopped: nothing goes on running.
    /// </summary>
    private async Task KillTreeAsync(Sandbox sandbox, string exec, string? user, string marker)
    {
        // Until nothing is found twice: a process that is just about to become another program shows no environment for a moment, and a
        // killed one may show it for a while.
        const string Script = """
            command -v grep >/dev/null || exit 1
            clean=0 attempt=0
            while [ $attempt -lt 100 ]; do
              attempt=$((attempt + 1))
              found=$(grep -ls "$1" /proc/[0-9]*/environ)
              [ -z "$found" ] && [ $clean = 1 ] && exit 0
              [ -z "$found" ] && clean=1 || clean=0
              for file in $found; do pid=${file#/proc/}; kill -KILL "${pid%/environ}" 2>/dev/null; done
              sleep 0.02 2>/dev/null
            done
            exit 1
            """;
        using var limit = new CancellationTokenSource(Patience.Limit);
        var request = new CommandRequest { Command = "/bin/sh", Arguments = ["-c", Script, "sh", $"{Marker}={marker}"], User = user };
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                while (true)
                {
                    await KillOrStopAsync(sandbox, request, limit.Token).ConfigureAwait(false);
                    if (await HasEndedAsync(exec, limit.Token).ConfigureAwait(false))
                        return;
                }
            }
            catch (DockerException e) when (e.IsNotFound || e.IsConflict)
            {
                return; // the sandbox itself has ended, and everything in it
            }
            catch (Exception e) when (e is DockerUnreachableException or EngineStreamException && Stopwatch.GetElapsedTime(started) < ComeBack)
            {
                await Task.Delay(ComeBackPoll).ConfigureAwait(false);
            }
            catch (Exception e) when (e is DockerException or DockerUnreachableException or EngineStreamException or OperationCanceledException)
            {
                var error = e is DockerUnreachableException or EngineStreamException ? SandboxError.EngineUnreachable : SandboxError.EngineFailed;
                throw new SandboxException(error, $"A command in sandbox '{sandbox}' was to be ended, and may still run: {e.Message}", sandbox, "Remove the sandbox; its deadline ends it too.", e);
            }
        }
    }

    // The engine takes a command for running as soon as it is asked to start it. One that it has not heard of yet may be on its way.
    private async Task<bool> HasEndedAsync(string exec, CancellationToken cancellationToken)
    {
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < OnItsWay;)
        {
            var state = await client.Execs.InspectAsync(exec, cancellationToken).ConfigureAwait(false);
            if (state.Running || state.ExitCode is not null)
                return !state.Running;

            await Task.Delay(EndPoll, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private async Task KillOrStopAsync(Sandbox sandbox, CommandRequest request, CancellationToken cancellationToken)
    {
        var exec = await client.Execs.CreateAsync(sandbox.Id, ToExec(request, "", attach: true, hasInput: false), cancellationToken).ConfigureAwait(false);
        var stream = await client.Execs.StartAsync(exec, tty: false, cancellationToken).ConfigureAwait(false);
        using var ignored = new CommandOutputBuffer(limit: 0);
        await using (stream.ConfigureAwait(false))
            await PumpAsync(exec, stream, input: null, ignored, cancellationToken).ConfigureAwait(false);

        if ((await WaitForEndAsync(exec, cancellationToken).ConfigureAwait(false)).ExitCode != 0)
            await client.Containers.KillAsync(sandbox.Id, "KILL", cancellationToken).ConfigureAwait(false);
    }

    private static SandboxException StartFailed(Sandbox sandbox, CommandRequest request, string engineMessage)
    {
        if (engineMessage.Contains(StartFailureGuard.UnknownUser, StringComparison.Ordinal))
            return DockerErrors.UnknownUser(engineMessage, request.User);

        if (engineMessage.Contains("chdir to cwd", StringComparison.Ordinal))
        {
            var folder = request.WorkingDirectory ?? sandbox.WorkingDirectory;
            return new SandboxException(SandboxError.PathNotFound, $"There is no folder '{folder}' in sandbox '{sandbox}' to start in, or its user may not enter it.", folder, "Name another working directory, or make it first.");
        }

        var program = request.CommandLine[0];
        var isMissing = engineMessage.Contains("no such file or directory", StringComparison.Ordinal) || engineMessage.Contains("executable file not found", StringComparison.Ordinal);
        var isForbidden = engineMessage.Contains("permission denied", StringComparison.Ordinal);
        if (!isMissing && !isForbidden)
            return new SandboxException(SandboxError.EngineFailed, $"The program '{program}' could not be started in sandbox '{sandbox}': {engineMessage}", program, "The sandbox may be at its limit of processes or memory; end some, or make one with more.");

        var reason = isForbidden ? "may not be executed" : "does not exist";
        return new SandboxException(SandboxError.CommandNotFound, $"The program '{program}' {reason} in sandbox '{sandbox}'.", program, "Check the name, and that the image has it.");
    }

    /// <summary>A command's connection broke off, as against an exception of whoever gives its input or takes its output.</summary>
    private sealed class EngineStreamException(string message, Exception? innerException = null) : Exception(message, innerException);
}
