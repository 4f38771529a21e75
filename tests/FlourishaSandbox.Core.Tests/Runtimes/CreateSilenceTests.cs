using System.Diagnostics;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Runtimes;

/// <summary>The engine says nothing while a sandbox is made.</summary>
[Trait("Category", Engine.Category)]
public sealed class CreateSilenceTests
{
    [Fact]
    public async Task A_cancelled_creation_does_not_wait_for_ever_for_an_engine_that_says_nothing()
    {
        await using var proxy = new EngineProxy();
        await using var house = await SandboxHouse.OpenAsync(endpoint: proxy.Address);
        await house.LearnAsync();
        proxy.Next("POST /containers/create", request => request.HangAsync());
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var started = Stopwatch.GetTimestamp();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => house.Manager.CreateAsync(house.Options, OperationObserver.None, cancellation.Token));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 60);
        Assert.Empty(await house.LeftoversAsync());
    }
}
