using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Pools;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Pools;

/// <summary>A house with a pool of its own, written down in a file of its own.</summary>
internal sealed class PoolHouse : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;

    private PoolHouse(SandboxHouse house, TemporaryFolder folder) => (House, _folder) = (house, folder);

    public SandboxHouse House { get; }

    public SandboxPools Pools => House.Manager.Pools;

    public RecordingObserver Observer { get; } = new();

    /// <summary>A pool of the base image, in which nobody else's sandboxes are made.</summary>
    public PoolDefinition Definition => new() { Image = House.Options.Image, Size = 2 };

    /// <summary>Opens a house.</summary>
    /// <param name="partner">One whose owner, and whose pools, are this one's too; it is a manager of its own.</param>
    /// <param name="templates">A folder with templates.</param>
    public static async Task<PoolHouse> OpenAsync(PoolHouse? partner = null, string? templates = null)
    {
        var folder = new TemporaryFolder();
        return new PoolHouse(await SandboxHouse.OpenAsync(settings => partner?.House.Settings ?? settings with { PoolFile = folder["pools.json"] }, templates: templates), folder);
    }

    /// <summary>Has some wait.</summary>
    public Task<SandboxPool> FillAsync(int size, Func<PoolDefinition, PoolDefinition>? change = null) =>
        Pools.SetAsync((change?.Invoke(Definition) ?? Definition) with { Size = size }, Observer, Limits.Token);

    /// <summary>The one pool there is.</summary>
    public async Task<SandboxPool> LookAsync() => Assert.Single(await Pools.ListAsync(allOwners: false, Limits.Token));

    /// <summary>A sandbox, and whether it waited.</summary>
    public async Task<(Sandbox Sandbox, bool IsClaimed)> NewAsync(Func<SandboxOptions, SandboxOptions>? change = null)
    {
        var sandbox = await House.Manager.CreateAsync(change?.Invoke(House.Options) ?? House.Options, Observer, Limits.Token);
        return (sandbox, sandbox.IsFromPool);
    }

    public async ValueTask DisposeAsync()
    {
        await House.DisposeAsync();
        _folder.Dispose();
    }
}
