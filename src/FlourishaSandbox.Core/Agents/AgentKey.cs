using System.Security.Cryptography;
using System.Text;

namespace FlourishaSandbox.Agents;

/// <summary>
/// A user's secret, from which the access token of each of his sandboxes follows. A sandbox is given the token's hash only, so that nothing
/// that an engine tells of it, and nothing in it, is secret. Other users of the engine ask the agent for the token, through the engine.
/// </summary>
internal sealed class AgentKey
{
    private const int Length = 32;
    private const int MostAttempts = 50;
    private const string LockSuffix = ".lock";
    private readonly Lazy<byte[]> _key;

    /// <summary>The key in a file, which is made at the first need.</summary>
    /// <param name="path">The file; null for the user's own.</param>
    public AgentKey(string? path = null) => _key = new(() => Read(path ?? DefaultPath()));

    /// <summary>The token of a sandbox: 64 hexadecimal digits.</summary>
    /// <param name="creation">The sandbox's creation.</param>
    public string TokenFor(string creation) =>
        Sign($"flourisha-agent:{creation}");

    /// <summary>What only this user can say of a text: 64 hexadecimal digits.</summary>
    /// <param name="text">The text. What it is for has to be in it.</param>
    public string Sign(string text) => Convert.ToHexString(HMACSHA256.HashData(_key.Value, Encoding.UTF8.GetBytes(text))).ToLowerInvariant();

    /// <summary>What the agent is given instead of a token.</summary>
    /// <param name="token">The token.</param>
    public static string HashOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token))).ToLowerInvariant();

    private static string DefaultPath() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "FlourishaSandbox", "agent.key");

    private static byte[] Read(string path)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return Find(path) ?? Make(path);
            }
            catch (Exception e) when (e is IOException && attempt < MostAttempts && File.Exists(path + LockSuffix))
            {
                Thread.Sleep(attempt); // another process makes it just now
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException or ArgumentException)
            {
                // A user without a home: the key lasts as long as this process, and others ask the agents.
                return RandomNumberGenerator.GetBytes(Length);
            }
        }
    }

    private static byte[]? Find(string path) => File.Exists(path) && File.ReadAllBytes(path) is { Length: Length } key ? key : null;

    // Under its name only when it is whole, and by one process at a time: whoever waited for the lock finds the key of the one before.
    private static byte[] Make(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        using var held = new FileStream(path + LockSuffix, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        if (Find(path) is { } made)
            return made;

        var key = RandomNumberGenerator.GetBytes(Length);
        var draft = Path.Combine(folder, Path.GetRandomFileName());
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

            using (var file = new FileStream(draft, options))
                file.Write(key);

            File.Move(draft, path, overwrite: true);
            return key;
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
