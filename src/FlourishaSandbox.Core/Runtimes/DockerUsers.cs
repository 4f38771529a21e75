using System.Collections.Concurrent;
using System.Formats.Tar;
using System.Globalization;
using System.Text;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>
/// The numbers behind a sandbox's user. The engine's own option for that (copyUIDGID) looks a name up on the engine's machine and not in
/// the sandbox, so the sandbox's /etc/passwd and /etc/group are read, once for each sandbox. A sandbox that lies in them gets its own
/// files under another number, inside its own walls.
/// </summary>
/// <param name="client">The engine.</param>
internal sealed class DockerUsers(DockerClient client)
{
    // A real one has a few kilobytes.
    private const int LargestFile = 1 << 20;

    private readonly ConcurrentDictionary<string, FileOwner> _owners = new(StringComparer.Ordinal);

    /// <summary>The numbers of the user whom a sandbox's commands run as.</summary>
    public async Task<FileOwner> GetOwnerAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        if (_owners.TryGetValue(sandbox.Id, out var known))
            return known;

        var (user, group) = Split(sandbox.User ?? "0");
        var owner = TryNumber(user, out var uid) && group is not null && TryNumber(group, out var gid)
            ? new FileOwner(uid, gid)
            : (await FindAsync(sandbox.Id, user, group, cancellationToken).ConfigureAwait(false))?.Owner
                ?? throw new SandboxException(SandboxError.EngineFailed, $"Sandbox '{sandbox}' runs as '{sandbox.User}', which its own /etc/passwd or /etc/group does not know.", sandbox, "Name the user by number, for example -User 1000:1000.");
        return _owners[sandbox.Id] = owner;
    }

    /// <summary>A user as a container knows it, which need not run.</summary>
    /// <param name="container">The container.</param>
    /// <param name="name">A name or number, with a group after a colon or without.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    /// <returns>The numbers, and the home as /etc/passwd has it, or null; null where the container does not know the user.</returns>
    public Task<(FileOwner Owner, string? Home)?> FindAsync(string container, string name, CancellationToken cancellationToken)
    {
        var (user, group) = Split(name);
        return FindAsync(container, user, group, cancellationToken);
    }

    private async Task<(FileOwner Owner, string? Home)?> FindAsync(string container, string user, string? group, CancellationToken cancellationToken)
    {
        // name:password:uid:gid:…
        var entry = (await ReadAsync(container, "/etc/passwd", cancellationToken).ConfigureAwait(false))
            .Select(line => line.Split(':'))
            .FirstOrDefault(fields => fields.Length >= 4 && (fields[0] == user || fields[2] == user));
        var uid = 0;
        var gid = 0;
        var isKnown = entry is null ? TryNumber(user, out uid) : TryNumber(entry[2], out uid) && TryNumber(entry[3], out gid);
        if (isKnown && group is not null && !TryNumber(group, out gid))
        {
            // name:password:gid:…
            var groupEntry = (await ReadAsync(container, "/etc/group", cancellationToken).ConfigureAwait(false))
                .Select(line => line.Split(':'))
                .FirstOrDefault(fields => fields.Length >= 3 && fields[0] == group);
            isKnown = groupEntry is not null && TryNumber(groupEntry[2], out gid);
        }

        return isKnown ? (new FileOwner(uid, gid), entry is { Length: >= 6 } ? entry[5] : null) : null;
    }

    private async Task<string[]> ReadAsync(string container, string path, CancellationToken cancellationToken)
    {
        try
        {
            var (_, archive) = await client.Containers.GetArchiveAsync(container, path, cancellationToken).ConfigureAwait(false);
            await using (archive.ConfigureAwait(false))
            {
                var tar = new TarReader(archive);
                await using (tar.ConfigureAwait(false))
                {
                    var entry = await tar.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false);
                    if (entry is not { DataStream: { } data, Length: <= LargestFile })
                        return [];

                    using var reader = new StreamReader(data, Encoding.UTF8);
                    return (await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false)).Split('\n');
                }
            }
        }
        catch (DockerException e) when (e.IsNotFound && !e.EngineMessage.Contains("No such container: " + container, StringComparison.Ordinal))
        {
            return []; // an image without users: numbers still work
        }
    }

    private static (string User, string? Group) Split(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (text, null) : (text[..colon], text[(colon + 1)..]);
    }

    private static bool TryNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
