using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Pages;

/// <summary>A file for each page in a browser's sandbox, so that every process of this user finds it and knows where it may go.</summary>
internal sealed class PageRecords
{
    private const string Ending = ".json";
    private const long LongestRecord = 1 << 20;

    private static readonly TimeSpan s_longest = TimeSpan.FromDays(7);

    private readonly string _folder;

    /// <summary>The records of one owner on one engine.</summary>
    /// <param name="manager">The sandboxes.</param>
    /// <param name="folder">Where the files are; null for the user's own folder.</param>
    public PageRecords(SandboxManager manager, string? folder = null)
    {
        var ours = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{manager.Engine}\n{manager.Settings.Owner}"))).ToLowerInvariant()[..12];
        _folder = Path.Combine(folder ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "FlourishaSandbox", "pages"), ours);
    }

    /// <summary>Writes one down, in place of the one that there is.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.PathNotUsable"/>: it cannot be written.</exception>
    public async Task WriteAsync(PageRecord record, CancellationToken cancellationToken)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(_folder);
            else
                Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

            await AtomicFile.WriteAsync(PathOf(record.Id), JsonSerializer.SerializeToUtf8Bytes(record, PageRecordJson.Default.PageRecord), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException(SandboxError.PathNotUsable, $"Pages are written down in '{_folder}', and that failed: {e.Message}", _folder, "Free space, or see to it that the folder is yours.", e);
        }
    }

    /// <summary>One of them; null where there is none.</summary>
    public PageRecord? Find(string id) => IsId(id) ? Read(PathOf(id)) : null;

    /// <summary>All of a browser, the one that was used last first.</summary>
    /// <param name="browser">The id of the browser's sandbox.</param>
    public IReadOnlyList<PageRecord> List(string browser)
    {
        try
        {
            return Directory.Exists(_folder)
                ? [.. new DirectoryInfo(_folder).EnumerateFiles("*" + Ending).OrderByDescending(file => file.LastWriteTimeUtc).Select(file => Read(file.FullName)).OfType<PageRecord>().Where(record => record.Browser == browser)]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // a folder that is going just now, or not ours
        }
    }

    /// <summary>Forgets those of every browser but one, which has taken their place; and those of other owners where nothing was written for 7 days.</summary>
    /// <param name="browser">The id of the browser's sandbox; null where there is none.</param>
    public void ForgetOthers(string? browser)
    {
        try
        {
            if (!Directory.Exists(_folder))
                return;

            foreach (var path in Directory.EnumerateFiles(_folder, "*" + Ending))
            {
                if (Read(path) is { } record && record.Browser != browser)
                    File.Delete(path);
            }

            if (browser is null && !Directory.EnumerateFileSystemEntries(_folder).Any())
                Directory.Delete(_folder);

            // No browser outlives its last use by more than half an hour.
            foreach (var other in new DirectoryInfo(Path.GetDirectoryName(_folder)!).EnumerateDirectories().Where(other => DateTime.UtcNow - other.LastWriteTimeUtc > s_longest))
                other.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return; // whoever looks next forgets them
        }
    }

    /// <summary>Forgets one.</summary>
    public void Forget(string id)
    {
        try
        {
            if (IsId(id))
                File.Delete(PathOf(id));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return; // its page is not there any more, so nobody takes it up
        }
    }

    private static bool IsId(string text) => text.Length is > 0 and <= 32 && text.All(char.IsAsciiHexDigitLower);

    private static PageRecord? Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Exists && file.Length <= LongestRecord ? JsonSerializer.Deserialize(File.ReadAllBytes(path), PageRecordJson.Default.PageRecord) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // just being removed, or not ours
        }
    }

    private string PathOf(string id) => Path.Combine(_folder, id + Ending);
}
