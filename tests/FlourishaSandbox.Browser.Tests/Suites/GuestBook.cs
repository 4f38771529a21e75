using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Browser.Suites.Running;
using FlourishaSandbox.Browser.Tests.Driving;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Tests.Suites;

/// <summary>A sandbox with the app that suites are tried on, and a browser. The app runs once a suite has started it.</summary>
[CollectionDefinition(Collection)]
public sealed class GuestBook : IAsyncLifetime, ICollectionFixture<GuestBook>
{
    public const string Collection = "Guest book";

    private readonly BrowserHouse _house = new();
    private readonly Lazy<Task<Sandbox>> _sandbox;

    public GuestBook() => _sandbox = new(() => CreateAsync(new SandboxOptions { Template = "minimal", Ports = [8000], Timeout = TimeSpan.FromMinutes(20) }));

    internal static string Folder { get; } = Path.Combine(Repository.Root, "tests", "FlourishaSandbox.Browser.Tests", "Suites");

    internal SandboxManager Manager => _house.Manager;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    /// <summary>The sandbox; the test is skipped where there can be none.</summary>
    internal async Task<Sandbox> GetSandboxAsync()
    {
        await _house.RequireAsync();
        return await _sandbox.Value;
    }

    /// <summary>The text of a suite that lies beside the app.</summary>
    internal static string Suite(string name) => File.ReadAllText(Path.Combine(Folder, name + ".yaml"));

    /// <summary>Runs a suite of a text, which is written into a folder.</summary>
    internal async Task<IReadOnlyList<AppTestResult>> RunAsync(string folder, string yaml, Func<AppTestOptions, AppTestOptions>? change = null, Dictionary<string, string>? variables = null, Sandbox? sandbox = null)
    {
        sandbox ??= await GetSandboxAsync();
        var path = Path.Combine(folder, "sandbox-tests.yaml");
        await File.WriteAllTextAsync(path, yaml, BrowserHouse.Cancellation);
        var options = new AppTestOptions { EvidenceFolder = Path.Combine(folder, "evidence") };
        var results = new List<AppTestResult>();
        await foreach (var result in new AppTester(Manager).RunAsync(sandbox, AppTestSuite.Read(path, variables), change?.Invoke(options) ?? options, OperationObserver.None, BrowserHouse.Cancellation))
            results.Add(result);

        return results;
    }

    /// <summary>A sandbox with the app in it, which goes with the others.</summary>
    internal async Task<Sandbox> CreateAsync(SandboxOptions options)
    {
        var sandbox = await Manager.CreateAsync(options, OperationObserver.None, BrowserHouse.Cancellation);
        await Manager.Files.UploadAsync(sandbox, [Path.Combine(Folder, "app.py")], "/workspace/", OperationObserver.None, BrowserHouse.Cancellation);
        return sandbox;
    }
}
