using System.Buffers;
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

    /// <summary>Runs a command to its end; see <see cref="ISandboxRuntime.RunAsync"/>.</summary>
    public async Task<CommandExit> RunAsync(Sandbox sandbox, CommandRequest request, Stream? input, ICommandOutput output, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (request.Timeout is { } timeout)
            limit.CancelAfter(timeout);

        var marker = Guid.NewGuid().ToString("N");
        var guarded = new StartFailureGuard(output);
        var mayRun = false;
        try
        {
            var exec = await client.Execs.CreateAsync(sandbox.Id, ToExec(request, marker, attach: true, input is not null), limit.Token).ConfigureAwait(false);
            mayRun = true;
            var stream = await client.Execs.StartAsync(exec, tty: false, limit.Token).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
                await PumpAsync(exec, stream, input, guarded, limit.Token).ConfigureAwait(false);

            mayRun = false;

            var state = await client.Execs.InspectAsync(exec, limit.Token).ConfigureAwait(false);
            if (state.ExitCode is 126 or 127 or 255 && guarded.Text is { } text)
                throw StartFailed(sandbox, request, text);

            await guarded.CompleteAsync(limit.Token).ConfigureAwait(false);
            return new CommandExit(state.ExitCode, TimedOut: false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            if (mayRun)
                await KillTreeAsync(sandbox, request.User, marker).ConfigureAwait(false);

            cancellationToken.ThrowIfCancellationRequested();
            await guarded.CompleteAsync(CancellationToken.None).ConfigureAwait(false);
            return new CommandExit(null, TimedOut: true);
        }
        catch (Exception e) when (mayRun && e is not DockerException)
        {
            // The taker of the output failed, or the connection did: nobody waits for this command any more. Where the engine itself
            // refused, nothing was started.
            await KillTreeAsync(sandbox, request.User, marker).ConfigureAwait(false);
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
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await ReadAsync(exec, stream, buffer, cancellationToken).ConfigureAwait(false) is { Count: > 0 } chunk)
            {
                var source = chunk.Kind == StreamKind.Error ? OutputSource.Error : OutputSource.Output;
                await output.WriteAsync(source, buffer.AsMemory(0, chunk.Count), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);

            // A terminal or an open pipe may never end; the command has, and that is what counts. What failed while reading the input
            // of a command that still ran has to be told.
            await inputEnd.CancelAsync().ConfigureAwait(false);
            if (feeding.IsFaulted)
                await feeding.ConfigureAwait(false);
        }
    }

    private async Task<StreamChunk?> ReadAsync(string exec, MultiplexedStream stream, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var reading = stream.ReadAsync(buffer, cancellationToken).AsTask();
        while (!reading.IsCompleted)
        {
            using var pollEnd = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var isSilent = await Task.WhenAny(reading, Task.Delay(SilencePoll, pollEnd.Token)).ConfigureAwait(false) != reading;
            await pollEnd.CancelAsync().ConfigureAwait(false);
            if (!isSilent)
                break;

            cancellationToken.ThrowIfCancellationRequested();
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
    /// Kills everything that bears the marker, again and again until nothing does, so that no fork slips through. Where that cannot be
    /// done (the image has no shell or grep, or the sandbox is at its process limit), the whole sandbox is stopped: nothing goes on running.
    /// </summary>
    private async Task KillTreeAsync(Sandbox sandbox, string? user, string marker)
    {
        const string Script = """
            for attempt in 1 2 3 4 5 6 7 8 9 10; do
              found=$(grep -ls "$1" /proc/[0-9]*/environ)
              [ -z "$found" ] && exit 0
              for file in $found; do pid=${file#/proc/}; kill -KILL "${pid%/environ}" 2>/dev/null; done
            done
            exit 1
            """;
        using var limit = new CancellationTokenSource(Patience.Limit);
        try
        {
            var request = new CommandRequest { Command = "/bin/sh", Arguments = ["-c", Script, "sh", $"{Marker}={marker}"], User = user };
            var exec = await client.Execs.CreateAsync(sandbox.Id, ToExec(request, "", attach: true, hasInput: false), limit.Token).ConfigureAwait(false);
            var stream = await client.Execs.StartAsync(exec, tty: false, limit.Token).ConfigureAwait(false);
            using var ignored = new CommandOutputBuffer(limit: 0);
            await using (stream.ConfigureAwait(false))
                await PumpAsync(exec, stream, input: null, ignored, limit.Token).ConfigureAwait(false);

            if ((await client.Execs.InspectAsync(exec, limit.Token).ConfigureAwait(false)).ExitCode != 0)
                await client.Containers.KillAsync(sandbox.Id, "KILL", limit.Token).ConfigureAwait(false);
        }
        catch (DockerException e) when (e.IsNotFound || e.IsConflict)
        {
            return; // the sandbox itself has ended, and everything in it
        }
        catch (Exception e) when (e is DockerException or DockerUnreachableException or IOException or OperationCanceledException)
        {
            throw new SandboxException(SandboxError.EngineFailed, $"A command in sandbox '{sandbox}' was to be ended, and may still run: {e.Message}", sandbox, "Remove the sandbox; its deadline ends it too.", e);
        }
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
        var reason = engineMessage.Contains("permission denied", StringComparison.Ordinal) ? "may not be executed" : "does not exist";
        return new SandboxException(SandboxError.CommandNotFound, $"The program '{program}' {reason} in sandbox '{sandbox}'.", program, "Check the name, and that the image has it.");
    }
}
