namespace FlourishaSandbox.Host;

/// <summary>
/// What there is to say of the gateway itself, never of requests: addresses of requests may hold what is secret. To standard error, or to a
/// file of at most 1 MiB, beside which the one before it is kept.
/// </summary>
internal sealed class GatewayLog : IDisposable
{
    private const long MaximumSize = 1 << 20;

    private readonly string? _path;
    private readonly object _lock = new();
    private StreamWriter? _writer;

    /// <summary>Begins to write.</summary>
    /// <param name="path">The file; null for standard error.</param>
    public GatewayLog(string? path)
    {
        _path = path;
        _writer = path is null ? null : Open(path);
    }

    /// <summary>Writes a line.</summary>
    public void Write(string line)
    {
        lock (_lock)
        {
            try
            {
                if (_path is null)
                {
                    Console.Error.WriteLine(line);
                    return;
                }

                if (_writer is null || _writer.BaseStream.Length > MaximumSize)
                    BeginAnew();

                _writer!.WriteLine($"{DateTimeOffset.UtcNow:O} {line}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                // A full disk, or a terminal that was closed: no reason to serve nobody.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
            _writer?.Dispose();
    }

    private static StreamWriter Open(string path) => new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };

    private void BeginAnew()
    {
        _writer?.Dispose();
        _writer = null;
        if (File.Exists(_path))
            File.Move(_path, _path + ".old", overwrite: true);

        _writer = Open(_path!);
    }
}
