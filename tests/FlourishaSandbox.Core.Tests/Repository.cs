namespace FlourishaSandbox.Core.Tests;

/// <summary>The working copy that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The templates that ship with the product.</summary>
    public static string Templates => Path.Combine(Root, "module", "templates");

    /// <summary>The agents that were staged.</summary>
    public static string Agents => Path.Combine(Root, "output", "agent");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FlourishaSandbox.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"There is no FlourishaSandbox.sln above {AppContext.BaseDirectory}.");
    }
}
