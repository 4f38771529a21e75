using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Files;

/// <summary>What happened to a file or folder.</summary>
public enum FileChange
{
    /// <summary>It was made, or came from elsewhere.</summary>
    Created,

    /// <summary>It was written to.</summary>
    Changed,

    /// <summary>It was removed.</summary>
    Removed,

    /// <summary>It got another name; this is the one that it had.</summary>
    Renamed,

    /// <summary>Its permissions, owner or times changed.</summary>
    AttributesChanged,
}

/// <summary>Something happened in a folder of a sandbox.</summary>
/// <param name="Sandbox">The sandbox.</param>
/// <param name="Path">The absolute path.</param>
/// <param name="Change">What happened.</param>
/// <param name="Time">When it was heard of, by the caller's clock.</param>
public sealed record SandboxFileEvent(Sandbox Sandbox, string Path, FileChange Change, DateTimeOffset Time)
{
    /// <summary>Change and path.</summary>
    /// <returns>For example <c>Changed /workspace/main.py</c>.</returns>
    public override string ToString() => $"{Change} {Path}";
}
