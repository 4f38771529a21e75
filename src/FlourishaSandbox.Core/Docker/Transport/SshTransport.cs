using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using FlourishaSandbox.Transport;

namespace FlourishaSandbox.Docker.Transport;

/// <summary>One <c>ssh</c> process per connection, with <c>docker system dial-stdio</c> at the other end, as the Docker CLI does it.</summary>
internal sealed class SshTransport : TransportStream
{
    private const int KeptErrorCharacters = 4096;

    private readonly Process _process;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly StringBuilder _errors = new();
    private bool _answered;

    private SshTransport(Process process)
    {
        _process = process;
        _input = process.StandardInput.BaseStream;
        _output = process.StandardOutput.BaseStream;
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>The ssh program. Tests put a wrapper here, which brings its own configuration.</summary>
    internal static string Program { get; set; } = "ssh";

    /// <summary>Starts the process. Whether it gets through shows at the first read.</summary>
    /// <param name="endpoint">An ssh endpoint.</param>
    /// <exception cref="IOException">The ssh program cannot be started.</exception>
    public static SshTransport Start(DockerEndpoint endpoint)
    {
        var start = new ProcessStartInfo(Program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var argument in Arguments(endpoint))
            start.ArgumentList.Add(argument);
        try
        {
            return new SshTransport(Process.Start(start)!);
        }
        catch (Win32Exception exception)
        {
            throw new IOException($"the program '{Program}' cannot be started: {exception.Message}", exception);
        }
    }

    /// <summary>The arguments for ssh. Host, user and port come from configuration, so none may be taken for an option.</summary>
    internal static IEnumerable<string> Arguments(DockerEndpoint endpoint)
    {
        yield return "-o";
        yield return "ConnectTimeout=30";
        yield return "-T";
        if (endpoint.User is { } user)
        {
            yield return "-l";
            yield return user;
        }
        if (endpoint.Port is { } port)
        {
            yield return "-p";
            yield return port.ToString(CultureInfo.InvariantCulture);
        }
        yield return "--";
        yield return endpoint.HostName;
        yield return "docker";
        if (endpoint.SocketPath.Length > 0)
        {
            // What follows the host goes through the remote shell as one line.
            yield return "--host";
            yield return "'unix://" + endpoint.SocketPath.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
        }
        yield return "system";
        yield return "dial-stdio";
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await _output.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (count == 0 && buffer.Length > 0 && !_answered)
            throw await NoAnswerAsync(cancellationToken).ConfigureAwait(false);
        _answered |= count > 0;
        return count;
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _input.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        await _input.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override ValueTask CloseWriteAsync(CancellationToken cancellationToken) => _input.DisposeAsync();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try
            {
                // The runtime reaps the child when it has ended; an ssh that still runs would hold the connection open.
                if (!_process.HasExited)
                    _process.Kill();
            }
            catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
            {
                // It ended by itself in between.
            }
            _process.Dispose();
        }
        base.Dispose(disposing);
    }

    private async Task<IOException> NoAnswerAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        string errors;
        lock (_errors)
            errors = _errors.ToString().Trim();
        return new IOException(errors.Length > 0
            ? $"ssh ended with exit code {_process.ExitCode}: {errors}"
            : $"ssh ended with exit code {_process.ExitCode} and said nothing");
    }

    private void Remember(string? line)
    {
        if (line is null)
            return;
        lock (_errors)
        {
            _errors.AppendLine(line);
            if (_errors.Length > KeptErrorCharacters)
                _errors.Remove(0, _errors.Length - KeptErrorCharacters);
        }
    }
}
