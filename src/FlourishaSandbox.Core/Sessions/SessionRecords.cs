using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Sessions;

/// <summary>
/// A file for each process that makes sandboxes, removed when the process ends in order. What is there after the process has gone says that
/// it was killed, so that its sandboxes are nobody's. A file without content, whose name says everything: there is no moment in which it is
/// half written.
/// </summary>
internal sealed class SessionRecords : IDisposable
{
    private const int EngineLength = 12;

    private readonly string _folder;
    private readonly string _engine;
    private readonly object _lock = new();
    private PosixSignalRegistration? _hangUp;
    private string? _own;

    /// <summary>The records of one engine.</summary>
    /// <param name="engine">The engine's address: a process that was killed may have made sandboxes on several.</param>
    /// <param name="folder">Where records are; null for the user's own folder.</param>
    public SessionRecords(string engine, string? folder = null)
    {
        _folder = folder ?? DefaultFolder;
        _engine = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(engine)))[..EngineLength].ToLowerInvariant();
    }

    private static string Session { get; } = Guid.NewGuid().ToString("N");

    private static string DefaultFolder =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "FlourishaSandbox", "sessions");

    /// <summary>This process, as what it makes names it.</summary>
    public static SandboxMaker Maker { get; } = new(Session, ProcessIdentity.Current.ToString());

    /// <summary>Writes down that this process is about to make something, before it does.</summary>
    public void Note()
    {
        lock (_lock)
        {
            try
            {
                if (_own is null)
                {
                    Directory.CreateDirectory(_folder);
                    EndWithProcess();
                    _own = Path.Combine(_folder, $"{Session}.{ProcessIdentity.Current}.{_engine}");
                }

                using (File.Open(_own, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
                    File.SetLastWriteTimeUtc(_own, DateTime.UtcNow);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                _own = null; // a user without a home: what he leaves is recognised by its deadline
            }
        }
    }

    /// <summary>The records of this engine.</summary>
    public IReadOnlyList<SessionRecord> List()
    {
        try
        {
            return Directory.Exists(_folder) ? [.. Directory.EnumerateFiles(_folder, "*." + _engine).Select(Read).OfType<SessionRecord>()] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Removes a record; one that is gone is no error.</summary>
    public static void Remove(SessionRecord record) => TryDelete(record.Path);

    /// <summary>Ends this process's session in order: what it made is somebody's.</summary>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        _hangUp?.Dispose();
        Forget();
    }

    private static SessionRecord? Read(string path)
    {
        var name = Path.GetFileName(path).Split('.', 2);
        var identity = name.Length == 2 && name[1].LastIndexOf('.') is var end and > 0 ? ProcessIdentity.Parse(name[1][..end]) : null;
        return identity is null ? null : new SessionRecord(path, name[0], identity, File.GetLastWriteTimeUtc(path));
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return; // another one's, or gone with its folder: it says no more than that a process ended
        }
    }

    // A terminal that is closed ends a process without its exit being told, else; whatever else it means to do then, it still does.
    private void EndWithProcess()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        _hangUp ??= OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => Forget());
    }

    private void OnExit(object? sender, EventArgs e) => Forget();

    private void Forget()
    {
        lock (_lock)
        {
            if (_own is { } path)
                TryDelete(path);

            _own = null;
        }
    }
}
