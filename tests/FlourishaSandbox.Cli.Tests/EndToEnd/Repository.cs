namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>Where the sources are.</summary>
internal static class Repository
{
    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>When a source of the program was last changed.</summary>
    public static DateTime NewestSource() =>
        new[] { "FlourishaSandbox.Core", "FlourishaSandbox.Cli" }
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Root, "src", project), "*.cs*", SearchOption.AllDirectories))
            .Max(File.GetLastWriteTimeUtc);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FlourishaSandbox.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No folder above '{AppContext.BaseDirectory}' holds FlourishaSandbox.sln.");
    }
}
