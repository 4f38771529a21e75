using FlourishaSandbox.Audit;
using FlourishaSandbox.Images;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Tests.Driving;

/// <summary>
/// A real engine with an owner of its own, and so a browser of its own. Whoever needs it first finds out whether there can be one; when it is
/// disposed, everything of that owner is gone.
/// </summary>
public sealed class BrowserHouse : IAsyncLifetime
{
    public const string Category = "Browser";

    private readonly Lazy<Task<string?>> _probe;

    public BrowserHouse()
    {
        var baseImage = Environment.GetEnvironmentVariable("FLOURISHA_BASE_IMAGE");
        Settings = new SandboxSettings { Owner = "test-" + Guid.NewGuid().ToString("N")[..12], BaseImage = baseImage, Audit = new AuditSettings { Enabled = false } };
        Manager = new SandboxManager(DockerRuntime.Connect(null, Path.Combine(Repository.Root, "output", "agent")), Settings, new TemplateCatalog([Path.Combine(Repository.Root, "module", "templates")]));
        _probe = new(ProbeAsync);
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal SandboxManager Manager { get; }

    internal SandboxSettings Settings { get; }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Skips the test where there is no engine, or it cannot have the browser's image.</summary>
    public async Task RequireAsync()
    {
        var reason = await _probe.Value;
        Assert.SkipWhen(reason is not null, reason ?? "");
    }

    public async ValueTask DisposeAsync()
    {
        if (_probe.IsValueCreated && await _probe.Value is null)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            foreach (var sandbox in await Manager.ListAsync(new SandboxFilter { Owner = Settings.Owner }, limit.Token))
                await Manager.RemoveAsync(sandbox, OperationObserver.None, limit.Token);
        }

        Manager.Dispose();
    }

    private async Task<string?> ProbeAsync()
    {
        try
        {
            await Manager.ListAsync(new SandboxFilter { Owner = Settings.Owner }, Cancellation);
            await Manager.Images.EnsureAsync(Manager.Templates.Get("browser"), OperationObserver.None, Cancellation);
            return null;
        }
        catch (SandboxException e) when (e.Error is SandboxError.EngineUnreachable or SandboxError.ImageBuildFailed)
        {
            return $"There is no browser here: {e.Message}";
        }
    }
}
