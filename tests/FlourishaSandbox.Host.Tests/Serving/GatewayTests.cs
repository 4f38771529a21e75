namespace FlourishaSandbox.Host.Tests.Serving;

/// <summary>What tests of a running gateway have in common.</summary>
/// <param name="house">The gateway and its sandboxes.</param>
[Trait("Category", GatewayHouse.Category)]
public abstract class GatewayTests(GatewayHouse house) : IAsyncLifetime
{
    /// <summary>The gateway and its sandboxes.</summary>
    protected GatewayHouse House { get; } = house;

    public virtual async ValueTask InitializeAsync() => await House.RequireAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>A word that is in no other test's requests.</summary>
    protected static string NewWord() => "m" + Guid.NewGuid().ToString("N");
}
