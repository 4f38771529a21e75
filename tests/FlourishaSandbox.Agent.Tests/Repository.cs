namespace FlourishaSandbox.Agent.Tests;

/// <summary>Where the sources are, and what was built of them.</summary>
internal static class Repository
{
    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder with the agent as it is shipped.</summary>
    public static string AgentFolder { get; } = Path.Combine(Root, "output", "agent", "linux-x64");

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
