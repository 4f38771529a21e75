using FlourishaSandbox.Images;
using FlourishaSandbox.Sandboxes;

[assembly: CollectionBehavior(DisableTestParallelization = true)] // the cmdlets' manager and the current folder are the process's

namespace FlourishaSandbox.Tests;

/// <summary>Gives the cmdlets a manager over sandboxes in memory.</summary>
public abstract class CmdletTest : IDisposable
{
    private protected CmdletTest()
    {
        Folder = Directory.CreateTempSubdirectory("flourisha-test-").FullName;
        var templates = Path.Combine(Folder, "templates");
        Directory.CreateDirectory(Path.Combine(templates, "minimal"));
        File.WriteAllText(Path.Combine(templates, "minimal", "Dockerfile"), "FROM scratch");
        SandboxSession.ManagerOverride = new SandboxManager(Runtime, SandboxSettings.FromEnvironment(_ => null) with { PoolFile = Path.Combine(Folder, "pools.json") }, new TemplateCatalog([templates]));
    }

    /// <summary>A folder of the test's own.</summary>
    private protected string Folder { get; }

    private protected FakeRuntime Runtime { get; } = new();

    public virtual void Dispose()
    {
        SandboxSession.ManagerOverride!.Dispose();
        SandboxSession.ManagerOverride = null;
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected string MakeFile(string name, string content = "content")
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    private protected static SandboxReference[] Named(params string[] names) => [.. names.Select(name => new SandboxReference(name))];
}
