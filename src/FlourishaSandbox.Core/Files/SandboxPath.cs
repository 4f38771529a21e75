using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Files;

/// <summary>Paths inside a sandbox: always with '/', whatever the machine outside has.</summary>
public static class SandboxPath
{
    /// <summary>
    /// Reads <c>NAME:PATH</c>, as scp and docker cp write the sandbox's side of a copy. Text is a local path where it has no ':', where a
    /// '/' or '\' or a leading '.' comes before the first ':', and where the ':' follows a single letter on Windows, a drive.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="sandbox">The part before the ':'.</param>
    /// <param name="path">The part after it; the working directory where it is empty.</param>
    /// <returns>True where the text names a sandbox.</returns>
    public static bool TryParse(string text, out string sandbox, out string path)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var isDrive = OperatingSystem.IsWindows() && colon == 1 && char.IsAsciiLetter(text[0]);
        var isRemote = colon > 0 && !isDrive && !text.StartsWith('.') && text.AsSpan(0, colon).IndexOfAny('/', '\\') < 0;
        sandbox = isRemote ? text[..colon] : "";
        path = !isRemote ? "" : colon == text.Length - 1 ? "." : text[(colon + 1)..];
        return isRemote;
    }

    /// <summary>Makes a path absolute, and takes '.' and '..' out of it; a trailing '/' stays.</summary>
    /// <param name="path">The path.</param>
    /// <param name="workingDirectory">Where a relative path begins.</param>
    /// <returns>A path that begins with '/'.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: the path is empty or holds a NUL.</exception>
    public static string Resolve(string path, string workingDirectory)
    {
        if (string.IsNullOrEmpty(path) || path.Contains('\0', StringComparison.Ordinal))
            throw InvalidOption.Create("Path", path.Replace("\0", "␀", StringComparison.Ordinal), "is no path in a sandbox", "Give a path that is not empty and holds no NUL.");

        var parts = new List<string>();
        foreach (var part in (path.StartsWith('/') ? path : $"{workingDirectory}/{path}").Split('/'))
        {
            if (part == "..")
                parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count));
            else if (part is not ("" or "."))
                parts.Add(part);
        }

        var isFolder = path.EndsWith('/') || path is "." or ".." || path.EndsWith("/.", StringComparison.Ordinal) || path.EndsWith("/..", StringComparison.Ordinal);
        return "/" + string.Join('/', parts) + (isFolder && parts.Count > 0 ? "/" : "");
    }

    /// <summary>The last component.</summary>
    /// <param name="path">An absolute path.</param>
    /// <returns>The name; empty for the root.</returns>
    public static string Name(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var trimmed = path.TrimEnd('/');
        return trimmed[(trimmed.LastIndexOf('/') + 1)..];
    }

    /// <summary>The folder in which the last component is.</summary>
    /// <param name="path">An absolute path.</param>
    /// <returns>An absolute path; the root for the root.</returns>
    public static string Parent(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var trimmed = path.TrimEnd('/');
        var slash = trimmed.LastIndexOf('/');
        return slash <= 0 ? "/" : trimmed[..slash];
    }

    /// <summary>Puts a name behind a folder.</summary>
    /// <param name="folder">An absolute path.</param>
    /// <param name="name">A relative one.</param>
    /// <returns>An absolute path.</returns>
    public static string Combine(string folder, string name)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return folder.TrimEnd('/') + "/" + name;
    }

    /// <summary>Whether the last component holds a wildcard, '*' or '?'.</summary>
    /// <param name="path">The path.</param>
    /// <returns>True where it does.</returns>
    public static bool HasWildcard(string path) => Name(path).AsSpan().IndexOfAny('*', '?') >= 0;
}
