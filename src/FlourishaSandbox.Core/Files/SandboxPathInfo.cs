namespace FlourishaSandbox.Files;

/// <summary>What is at a path of a sandbox.</summary>
/// <param name="Path">The path that was asked for.</param>
/// <param name="IsDirectory">Whether it is a folder, or a link to one.</param>
/// <param name="Size">Size in bytes; of no meaning for a folder.</param>
public sealed record SandboxPathInfo(string Path, bool IsDirectory, long Size)
{
    /// <summary>Whether the sandbox's user may write to it; null where nobody said.</summary>
    public bool? IsWritable { get; init; }
}
