using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests;

/// <summary>One sandbox for all tests of a class, made by the first that needs it; each test keeps to names of its own.</summary>
public class SharedSandbox : IAsyncDisposable
{
    private protected virtual bool HasAgent => true;

    private readonly SemaphoreSlim _one = new(1);
    private SandboxHouse? _house;
    private Sandbox? _sandbox;

    internal async Task<(SandboxHouse House, Sandbox Sandbox)> GetAsync()
    {
        await _one.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _house ??= await SandboxHouse.OpenAsync(hasAgents: HasAgent);
            _sandbox ??= await _house.CreateAsync();
            return (_house, _sandbox);
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_house is not null)
            await _house.DisposeAsync();
        _one.Dispose();
    }
}

/// <summary>One without an agent: everything goes through the engine.</summary>
public sealed class BareSandbox : SharedSandbox
{
    private protected override bool HasAgent => false;
}
