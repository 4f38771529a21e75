using System.Diagnostics;
using System.Globalization;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Audit;

/// <summary>
/// A file to which several processes append lines, and which is begun anew when it is full. Each line is one write under a lock that the
/// system takes back when its holder dies, whatever it dies of.
/// </summary>
internal sealed class AuditFile
{
    // A writer holds the lock for some ten microseconds, and some more for a rotation.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly object _gate = new();
    private readonly string _path;
    private readonly long _maximumSize;
    private readonly int _maximumFiles;

    /// <summary>Names the file. Nothing is opened yet.</summary>
    public AuditFile(AuditSettings settings)
    {
        _path = settings.Path ?? DefaultPath();
        _maximumSize = settings.MaximumSize;
        _maximumFiles = settings.MaximumFiles;
    }

    /// <summary>The file that is written to.</summary>
    public string Path => _path;

    /// <summary>Appends a line.</summary>
    /// <param name="line">The line with its line feed.</param>
    /// <exception cref="IOException">It cannot be written, or <see cref="UnauthorizedAccessException"/>.</exception>
    public void Append(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            using var held = Lock();
            var log = OpenForWriting();
            try
            {
                var length = RandomAccess.GetLength(log.SafeFileHandle);
                if (length > 0 && length + line.Length > _maximumSize)
                {
                    log.Dispose();
                    Rotate();
                    log = OpenForWriting();
                    length = 0;
                }

                // A machine that lost its power, or a full disk, may have left half a line.
                if (length > 0 && !EndsWithLineFeed(log, length))
                    RandomAccess.Write(log.SafeFileHandle, "\n"u8, length++);

                RandomAccess.Write(log.SafeFileHandle, line, length);
            }
            finally
            {
                log.Dispose();
            }
        }
    }

    /// <summary>Opens all files for reading, the oldest first; those that there are not are no error.</summary>
    /// <returns>Streams that do not change when files are rotated. To be disposed.</returns>
    public IReadOnlyList<FileStream> OpenAll()
    {
        if (!Directory.Exists(System.IO.Path.GetDirectoryName(_path)))
            return [];

        var files = new List<FileStream>();
        lock (_gate)
        {
            using var held = Lock();
            for (var number = _maximumFiles - 1; number >= 0; number--)
            {
                var path = number == 0 ? _path : Rotated(number);
                if (File.Exists(path))
                    files.Add(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            }
        }

        return files;
    }

    private static string DefaultPath() =>
        System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "FlourishaSandbox", "audit", "audit.jsonl");

    private static bool EndsWithLineFeed(FileStream log, long length)
    {
        Span<byte> last = stackalloc byte[1];
        return RandomAccess.Read(log.SafeFileHandle, last, length - 1) == 1 && last[0] == (byte)'\n';
    }

    private static FileStreamOptions Options(FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        return options;
    }

    private FileStream OpenForWriting() => new(_path, Options(FileShare.ReadWrite | FileShare.Delete));

    private string Rotated(int number) => System.IO.Path.ChangeExtension(_path, number.ToString(CultureInfo.InvariantCulture) + System.IO.Path.GetExtension(_path));

    private void Rotate()
    {
        File.Delete(Rotated(_maximumFiles - 1));
        for (var number = _maximumFiles - 2; number > 0; number--)
        {
            if (File.Exists(Rotated(number)))
                File.Move(Rotated(number), Rotated(number + 1), overwrite: true);
        }

        File.Move(_path, Rotated(1), overwrite: true);
    }

    // A file of its own, because the log's is another one after each rotation.
    private FileStream Lock()
    {
        var path = _path + ".lock";
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, Options(FileShare.None));
            }
            catch (DirectoryNotFoundException)
            {
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            }
            catch (IOException) when (File.Exists(path) && Stopwatch.GetElapsedTime(started) < s_patience)
            {
                Thread.Sleep(millisecondsTimeout: 1); // another process writes
            }
        }
    }
}
