namespace FlourishaSandbox.Agent.Files;

/// <summary>The parts of an absolute path.</summary>
internal static class PathParts
{
    /// <summary>The last component; <c>/</c> for the root.</summary>
    public static string Name(string path) => path.Length > 1 ? path[(path.LastIndexOf('/') + 1)..] : path;

    /// <summary>The folder in which the last component is.</summary>
    public static string Parent(string path) => path.LastIndexOf('/') is > 0 and var end ? path[..end] : "/";

    /// <summary>A path below a folder.</summary>
    public static string Join(string folder, string name) => folder == "/" ? $"/{name}" : $"{folder}/{name}";
}
