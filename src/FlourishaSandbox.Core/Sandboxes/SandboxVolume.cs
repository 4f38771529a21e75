using System.Text.RegularExpressions;

namespace FlourishaSandbox.Sandboxes;

/// <summary>
/// Storage that a sandbox is given from outside. Written <c>NAME:/target</c> for a volume of the engine, which is made where it is
/// missing, and <c>host:/folder:/target</c> for a folder of the engine's machine. Both are read-only unless <c>:rw</c> follows.
/// </summary>
/// <remarks>
/// A folder of the host must be asked for by the word <c>host</c>: a path alone is refused, because sharing the host's files with
/// code that nobody has read should never happen by a slip.
/// </remarks>
public sealed partial record SandboxVolume
{
    private SandboxVolume(string source, string target, bool isHostPath, bool writable)
    {
        Source = source;
        Target = target;
        IsHostPath = isHostPath;
        Writable = writable;
    }

    /// <summary>The volume's name, or the folder on the engine's machine.</summary>
    public string Source { get; }

    /// <summary>The absolute path in the sandbox.</summary>
    public string Target { get; }

    /// <summary>Whether <see cref="Source"/> is a folder of the engine's machine.</summary>
    public bool IsHostPath { get; }

    /// <summary>Whether the sandbox may write to it.</summary>
    public bool Writable { get; }

    /// <summary>Reads the written form.</summary>
    /// <param name="text">For example <c>cache:/var/cache/pip:rw</c> or <c>host:/srv/data:/data</c>.</param>
    /// <returns>The volume.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: the text has neither form.</exception>
    public static SandboxVolume Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        const string Remedy = "Write NAME:/target for a volume, host:/folder:/target for a folder of the host; add ':rw' to make it writable.";

        var match = Form().Match(text);
        if (!match.Success)
            throw InvalidOption.Create("Volume", text, text.StartsWith('/') || text.StartsWith('.') ? "names a host folder without asking for it" : "cannot be read", Remedy);

        var target = match.Groups["target"].Value;
        var parts = target.Split('/');
        if (parts.Contains("..") || parts.All(part => part is "" or "."))
            throw InvalidOption.Create("Volume", text, "has a target that cannot be mounted over", "Name a folder below the root, without '..'.");

        var isHost = match.Groups["folder"].Success;
        return new SandboxVolume(isHost ? match.Groups["folder"].Value : match.Groups["name"].Value, target, isHost, match.Groups["mode"].Value == "rw");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(IsHostPath ? "host:" : "")}{Source}:{Target}:{(Writable ? "rw" : "ro")}";

    // A folder of a Windows host has a colon of its own, C:\data, hence the optional drive.
    [GeneratedRegex(@"\A(?:host:(?<folder>(?:[A-Za-z]:)?[/\\][^:\0]*)|(?!host:)(?<name>[a-zA-Z0-9][a-zA-Z0-9_.-]+)):(?<target>/[^:\0]*)(?::(?<mode>ro|rw))?\z")]
    private static partial Regex Form();
}
