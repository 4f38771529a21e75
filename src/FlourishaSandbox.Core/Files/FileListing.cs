using System.Globalization;
using System.Text;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Files;

/// <summary>
/// Lists files: the agent does it, and where there is none the sandbox's own <c>find</c>, every field ended by NUL, so that no name can
/// break the listing.
/// </summary>
internal static class FileListing
{
    private const string Format = @"%y\0%s\0%T@\0%m\0%u\0%g\0%P\0%l\0";
    private const int Fields = 8;

    public static async Task<IReadOnlyList<SandboxItem>> ReadAsync(ISandboxRuntime runtime, Sandbox sandbox, string path, bool recurse, CancellationToken cancellationToken)
    {
        // A trailing '/' has find look behind a link that was named itself.
        var folder = path.TrimEnd('/') + "/";
        var info = await runtime.StatAsync(sandbox, path.TrimEnd('/') is "" ? "/" : path.TrimEnd('/'), cancellationToken).ConfigureAwait(false)
            ?? throw new SandboxException(SandboxError.PathNotFound, $"There is no '{path}' in sandbox '{sandbox}'.", path, "Check the path; a relative one begins in the sandbox's working directory.");

        if (sandbox.Agent is not null && info.IsDirectory)
            return await runtime.Items.ListAsync(sandbox, folder.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/", recurse, cancellationToken).ConfigureAwait(false);

        if (sandbox.Agent is not null && await runtime.Items.FindAsync(sandbox, path, cancellationToken).ConfigureAwait(false) is { } item)
            return [item];

        string[] depth = !info.IsDirectory ? ["-maxdepth", "0"] : recurse ? ["-mindepth", "1"] : ["-mindepth", "1", "-maxdepth", "1"];
        var request = new CommandRequest { Command = "find", Arguments = [info.IsDirectory ? folder : path, .. depth, "-printf", Format] };

        using var output = new CommandOutputBuffer();
        var exit = await RunAsync(runtime, sandbox, request, output, cancellationToken).ConfigureAwait(false);
        if (output.Truncated)
            throw new SandboxException(SandboxError.PathNotUsable, $"'{path}' in sandbox '{sandbox}' holds more than can be listed at once.", path, "List a folder below it.");

        var items = Parse(sandbox, info.IsDirectory ? folder : path, Encoding.UTF8.GetString(output.Output.Span));
        if (exit.ExitCode != 0 && items.Count == 0)
            throw new SandboxException(SandboxError.PathNotUsable, $"'{path}' in sandbox '{sandbox}' cannot be listed: {Encoding.UTF8.GetString(output.Error.Span).Trim()}", path);

        items.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        return items;
    }

    private static async Task<CommandExit> RunAsync(ISandboxRuntime runtime, Sandbox sandbox, CommandRequest request, CommandOutputBuffer output, CancellationToken cancellationToken)
    {
        try
        {
            return await runtime.RunAsync(sandbox, request, input: null, output, cancellationToken).ConfigureAwait(false);
        }
        catch (SandboxException e) when (e.Error == SandboxError.CommandNotFound)
        {
            throw new SandboxException(SandboxError.CommandNotFound, $"The image '{sandbox.Image}' has no 'find', which listing files needs.", sandbox, "Use an image with findutils, as all templates are.", e);
        }
    }

    private static List<SandboxItem> Parse(Sandbox sandbox, string start, string text)
    {
        // What runs in a sandbox can replace its 'find': fields that make no sense are shown as nothing, never thrown over.
        var fields = text.Split('\0');
        var items = new List<SandboxItem>(fields.Length / Fields);
        for (var i = 0; i + Fields <= fields.Length; i += Fields)
        {
            if (!IsBelow(fields[i + 6]))
                continue;

            _ = long.TryParse(fields[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var size);
            _ = double.TryParse(fields[i + 2], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds);
            items.Add(new SandboxItem
            {
                Sandbox = sandbox,
                Path = fields[i + 6].Length == 0 ? start : SandboxPath.Combine(start, fields[i + 6]),
                Type = fields[i] switch { "f" => SandboxItemType.File, "d" => SandboxItemType.Directory, "l" => SandboxItemType.Link, _ => SandboxItemType.Other },
                Size = size,
                Modified = DateTimeOffset.UnixEpoch.AddSeconds(double.IsFinite(seconds) ? Math.Clamp(seconds, -60e9, 250e9) : 0),
                Permissions = ParseMode(fields[i + 3]),
                Owner = fields[i + 4],
                Group = fields[i + 5],
                LinkTarget = fields[i] == "l" ? fields[i + 7] : null,
            });
        }

        return items;
    }

    // Where something is copied to follows from its name.
    private static bool IsBelow(string path) => !path.StartsWith('/') && path.Split('/').All(part => part is not ("." or ".."));

    private static UnixFileMode ParseMode(string octal) =>
        octal.Length is > 0 and <= 4 && octal.All(digit => digit is >= '0' and <= '7') ? (UnixFileMode)Convert.ToInt32(octal, 8) : UnixFileMode.None;
}
