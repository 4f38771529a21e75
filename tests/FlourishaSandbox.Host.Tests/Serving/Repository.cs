namespace FlourishaSandbox.Host.Tests.Serving;

/// <summary>The working copy that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>When a source of the program was last changed.</summary>
    public static DateTime NewestSource() =>
        new[] { "FlourishaSandbox.Core", "FlourishaSandbox.Host" }
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Root, "src", project), "*.cs*", SearchOption.AllDirectories))
            .Max(File.GetLastWriteTimeUtc);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FlourishaSandbox.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"There is no FlourishaSandbox.sln above {AppContext.BaseDirectory}.");
    }
}
