using System.Globalization;
using System.Text.Json;
using FlourishaSandbox.Sandboxes;
using FlourishaSandbox.Sessions;

namespace FlourishaSandbox.Hosting;

/// <summary>
/// A file for each gateway of this user that serves on this machine, so that any process finds it. It is there from the moment that the
/// gateway listens until it ends; one that was killed is forgotten by whoever looks next.
/// </summary>
/// <param name="folder">Where the files are; null for the user's own folder.</param>
internal sealed class GatewayRecords(string? folder = null)
{
    private const string Ending = ".json";
    private const string LogEnding = ".log";

    // What a gateway of last week said is of no use to anybody.
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(7);

    private readonly string _folder = folder ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "FlourishaSandbox", "gateways");

    /// <summary>Where a gateway's log is that has no terminal. The folder is made, and logs of gateways that ended long ago are taken away.</summary>
    /// <param name="port">The port that it listens on.</param>
    public string LogFor(int port)
    {
        Directory.CreateDirectory(_folder);
        ForgetLogs();
        return Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{port}{LogEnding}"));
    }

    /// <summary>Writes down that this process serves.</summary>
    /// <param name="options">How.</param>
    /// <param name="log">Its log; null for its terminal.</param>
    /// <returns>Takes the record away when it is disposed.</returns>
    public IDisposable Write(GatewayOptions options, string? log)
    {
        var scheme = options.Certificate is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        var site = options.Url ?? new UriBuilder(scheme, options.Domain ?? GatewayAddress.LocalDomain, options.Port).Uri;
        var gateway = new SandboxGateway
        {
            ProcessId = Environment.ProcessId,
            Url = $"{site.Scheme}://PORT-ID.{site.Authority}",
            Address = options.Address.ToString(),
            Port = options.Port,
            Domain = options.Domain,
            Exposed = options.IsExposed,
            Secure = options.Certificate is not null,
            KeepHost = options.KeepHost,
            StartedAt = DateTimeOffset.UtcNow,
            Log = log,
        };
        try
        {
            Directory.CreateDirectory(_folder);
            var path = Path.Combine(_folder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + Ending);
            var draft = path + ".new";
            File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(new GatewayRecord(ProcessIdentity.Current.ToString(), gateway), GatewayRecordJson.Default.GatewayRecord));
            File.Move(draft, path, overwrite: true);
            return new Removal(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new Removal(null); // a user without a home: it serves, and is ended by its number
        }
    }

    /// <summary>The gateways that serve, by their ports.</summary>
    public IReadOnlyList<SandboxGateway> List()
    {
        try
        {
            return Directory.Exists(_folder) ? [.. Directory.EnumerateFiles(_folder, "*" + Ending).Select(Read).OfType<SandboxGateway>().OrderBy(gateway => gateway.Port)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Whether a gateway's process has ended.</summary>
    public static bool HasEnded(SandboxGateway gateway) => ProcessIdentity.Parse(gateway.Process)?.HasEnded() ?? true;

    private void ForgetLogs()
    {
        try
        {
            var kept = List().Select(gateway => gateway.Log).ToHashSet();
            foreach (var log in new DirectoryInfo(_folder).EnumerateFiles("*" + LogEnding).Where(log => DateTime.UtcNow - log.LastWriteTimeUtc > s_longest && !kept.Contains(log.FullName)))
                log.Delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return; // whoever starts the next one tries again
        }
    }

    private static SandboxGateway? Read(string path)
    {
        try
        {
            if (JsonSerializer.Deserialize(File.ReadAllBytes(path), GatewayRecordJson.Default.GatewayRecord) is not { Gateway: { } gateway, Process: { } process } || ProcessIdentity.Parse(process) is not { } identity)
                return null;

            if (identity.HasEnded() is not true)
                return gateway with { Process = process };

            File.Delete(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // just being written or removed, or not ours
        }
    }

    private sealed class Removal(string? path) : IDisposable
    {
        public void Dispose()
        {
            try
            {
                if (path is not null)
                    File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return; // whoever looks next sees that the process has ended
            }
        }
    }
}
