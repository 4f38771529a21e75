using System.Text;
using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Core.Tests.Docker;

internal sealed record CommandResult(byte[] Output, byte[] Error, int? ExitCode)
{
    public string OutputText => Encoding.UTF8.GetString(Output);

    public string ErrorText => Encoding.UTF8.GetString(Error);
}

/// <summary>Runs a command through the engine's exec, writing its input while it reads its output.</summary>
internal static class TestCommand
{
    public static async Task<CommandResult> RunAsync(DockerClient client, string container, ExecCreateRequest request, ReadOnlyMemory<byte>? input = null)
    {
        var id = await client.Execs.CreateAsync(container, request with { AttachStdin = input is not null }, Limits.Token);
        await using var stream = await client.Execs.StartAsync(id, request.Tty, Limits.Token);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Limits.Token);
        var writing = WriteAsync(stream, input, ended.Token);
        var output = new MemoryStream();
        var error = new MemoryStream();
        var buffer = new byte[32 * 1024];
        while (await stream.ReadAsync(buffer, Limits.Token) is { Count: > 0 } chunk)
            (chunk.Kind == StreamKind.Error ? error : output).Write(buffer, 0, chunk.Count);
        var exitCode = await ExitCodeAsync(client, id);
        await ended.CancelAsync();
        await writing;
        return new CommandResult(output.ToArray(), error.ToArray(), exitCode);
    }

    /// <summary>The engine closes the streams a moment before it knows the exit code.</summary>
    public static async Task<int?> ExitCodeAsync(DockerClient client, string execId)
    {
        while (true)
        {
            var inspection = await client.Execs.InspectAsync(execId, Limits.Token);
            if (!inspection.Running)
                return inspection.ExitCode;
            await Task.Delay(10, Limits.Token);
        }
    }

    private static async Task WriteAsync(MultiplexedStream stream, ReadOnlyMemory<byte>? input, CancellationToken cancellationToken)
    {
        if (input is not { } bytes)
            return;
        try
        {
            await stream.WriteAsync(bytes, cancellationToken);
            await stream.CloseWriteAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The command ended without reading everything.
        }
    }
}
