using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Runtimes;

/// <summary>Every step of making a sandbox can fail in every way; afterwards the engine holds nothing of it.</summary>
internal static class CreateFailure
{
    // Answered with 404 where the making of the network is to fail: the real one is there.
    private const string NoNetwork = "GET /networks/flourisha-shared";

    private static readonly string[] s_steps =
    [
        "GET /images/[^/]+/json",
        "GET /info",
        NoNetwork,
        "POST /networks/create",
        "POST /containers/create",
        "POST /containers/[^/]+/start",
        "GET /containers/[^/]+/json",
    ];

    public static TheoryData<string> Steps() => [.. s_steps];

    /// <summary>Fails one creation, which must leave nothing, and then makes a sandbox, which must work: no failure spoils what comes after it.</summary>
    public static async Task ExpectAsync(string step, Func<ProxiedRequest, CancellationTokenSource, Task> spoil, SandboxError? expected)
    {
        await using var proxy = new EngineProxy();
        await using var house = await SandboxHouse.OpenAsync(endpoint: proxy.Address);
        await house.LearnAsync();

        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Limits.Token);
        if (step == "POST /networks/create")
            proxy.Next(NoNetwork, request => request.AnswerAsync(404, "network flourisha-shared not found"));
        proxy.Always(step, request => spoil(request, cancellation));
        var observer = new RecordingObserver();
        var options = house.Options with { Volumes = [SandboxVolume.Parse(house.NewVolume() + ":/data")] };
        var creating = house.Manager.CreateAsync(options, observer, cancellation.Token);

        if (expected is { } error)
            await Failure.ExpectAsync(error, () => creating);
        else
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => creating);

        Assert.True(proxy.IsSpent, "the step was never reached");
        proxy.Calm();
        Assert.Empty(observer.Warnings);
        Assert.Empty(await house.LeftoversAsync());
        Assert.Equal("works", await house.ShellAsync(await house.CreateAsync(), "echo works"));
    }
}
