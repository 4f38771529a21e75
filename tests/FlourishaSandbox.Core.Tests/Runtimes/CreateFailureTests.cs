using System.Diagnostics;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Runtimes;

/// <summary>Every step of making a sandbox fails in every way; afterwards the engine holds nothing of it.</summary>
[Trait("Category", Engine.Category)]
public sealed class CreateFailureTests
{
    // Without the first, the real network is there and is not made.
    private const string NoNetwork = "GET /networks/flourisha-shared";

    private static readonly string[] s_steps =
    [
        "GET /images/[^/]+/json",
        "GET /networks/flourisha-shared",
        "POST /networks/create",
        "GET /volumes/[^/]+",
        "POST /volumes/create",
        "POST /containers/create",
        "POST /containers/[^/]+/start",
        "GET /containers/[^/]+/json",
    ];

    public static TheoryData<string> Steps() => [.. s_steps];

    /// <summary>Fails one creation, which must leave nothing, and then makes a sandbox, which must work: no failure spoils what comes after it.</summary>
    private static async Task FailAsync(string step, Func<ProxiedRequest, CancellationTokenSource, Task> spoil, SandboxError? expected)
    {
        await using var proxy = new EngineProxy();
        await using var house = await SandboxHouse.OpenAsync(endpoint: proxy.Address);

        // The first sandbox finds out what the engine grants, which would repeat steps.
        await house.Manager.RemoveAsync(await house.CreateAsync(), OperationObserver.None, Limits.Token);

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

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task The_engine_fails(string step) =>
        await FailAsync(step, (request, _) => request.AnswerAsync(500, "the disk is full"), SandboxError.EngineFailed);

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task The_engine_does_as_it_is_asked_and_then_fails(string step) =>
        await FailAsync(step, (request, _) => request.AnswerAfterwardsAsync(500, "the disk is full now"), SandboxError.EngineFailed);

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task The_connection_is_lost_before_the_engine_hears_of_it(string step) =>
        await FailAsync(step, (request, _) => request.CutAsync(), SandboxError.EngineUnreachable);

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task The_connection_is_lost_while_the_engine_is_at_it(string step) =>
        await FailAsync(step, (request, _) => request.CutMeanwhileAsync(), SandboxError.EngineUnreachable);

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task The_connection_is_lost_after_the_engine_has_done_it(string step) =>
        await FailAsync(step, (request, _) => request.CutAfterwardsAsync(), SandboxError.EngineUnreachable);

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task The_user_cancels(string step) =>
        await FailAsync(step, async (request, cancellation) =>
        {
            await cancellation.CancelAsync();
            await request.PassAsync();
        }, expected: null);

    [Fact]
    public async Task The_user_cancels_at_any_time()
    {
        await using var house = await SandboxHouse.OpenAsync();
        await house.Manager.RemoveAsync(await house.CreateAsync(), OperationObserver.None, Limits.Token);
        foreach (var milliseconds in new[] { 0, 1, 3, 6, 10, 20, 50, 100, 200 })
        {
            using var cancellation = new CancellationTokenSource();
            var creating = house.Manager.CreateAsync(house.Options with { Volumes = [SandboxVolume.Parse(house.NewVolume() + ":/data")] }, OperationObserver.None, cancellation.Token);
            await Task.Delay(milliseconds, Limits.Token);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => creating);
            Assert.Empty(await house.LeftoversAsync());
        }
    }

    [Fact]
    public async Task A_cancelled_creation_does_not_wait_for_ever_for_an_engine_that_says_nothing()
    {
        await using var proxy = new EngineProxy();
        await using var house = await SandboxHouse.OpenAsync(endpoint: proxy.Address);
        await house.Manager.RemoveAsync(await house.CreateAsync(), OperationObserver.None, Limits.Token);
        proxy.Next("POST /containers/create", request => request.HangAsync());
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var started = Stopwatch.GetTimestamp();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => house.Manager.CreateAsync(house.Options, OperationObserver.None, cancellation.Token));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 60);
        Assert.Empty(await house.LeftoversAsync());
    }

    [Fact]
    public async Task The_network_that_goes_away_in_the_middle_is_made_anew()
    {
        // Another process may make it anew, or a person prune it, between the look and the start.
        await using var proxy = new EngineProxy();
        await using var house = await SandboxHouse.OpenAsync(endpoint: proxy.Address);
        await house.Manager.RemoveAsync(await house.CreateAsync(), OperationObserver.None, Limits.Token);
        proxy.Next("POST /containers/[^/]+/start", request => request.AnswerAsync(404, "network flourisha-shared not found"));
        Assert.Equal("works", await house.ShellAsync(await house.CreateAsync(), "echo works"));
        Assert.True(proxy.IsSpent);
        Assert.Single(await house.LeftoversAsync()); // the one that works
    }

    [Fact]
    public async Task A_volume_that_was_there_before_survives_a_creation_that_fails()
    {
        await using var proxy = new EngineProxy();
        await using var house = await SandboxHouse.OpenAsync(endpoint: proxy.Address);
        var volume = house.NewVolume();
        SandboxOptions WithVolume(SandboxOptions options) => options with { Volumes = [SandboxVolume.Parse(volume + ":/data:rw")], User = "root" };
        var first = await house.CreateAsync(WithVolume);
        await house.ShellAsync(first, "echo kept > /data/file");
        await house.Manager.RemoveAsync(first, OperationObserver.None, Limits.Token);
        proxy.Next("POST /containers/[^/]+/start", request => request.AnswerAsync(500, "no"));
        await Failure.ExpectAsync(SandboxError.EngineFailed, () => house.CreateAsync(WithVolume));
        Assert.Equal("kept", await house.ShellAsync(await house.CreateAsync(WithVolume), "cat /data/file"));
    }

    [Fact]
    public async Task Where_not_even_cleaning_up_works_the_user_is_warned_and_told_why_it_failed()
    {
        await using var proxy = new EngineProxy();
        await using var house = await SandboxHouse.OpenAsync(endpoint: proxy.Address);
        await house.Manager.RemoveAsync(await house.CreateAsync(), OperationObserver.None, Limits.Token);
        proxy.Next("POST /containers/[^/]+/start", request =>
        {
            proxy.IsDown = true;
            return request.AnswerAsync(500, "the first reason");
        });
        var observer = new RecordingObserver();
        var failure = await Failure.ExpectAsync(SandboxError.EngineFailed, () => house.Manager.CreateAsync(house.Options, observer, Limits.Token));
        Assert.Contains("the first reason", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Clear-StaleSandbox", Assert.Single(observer.Warnings), StringComparison.Ordinal);

        // What was left bears its labels, and is found.
        proxy.IsDown = false;
        Assert.Equal(SandboxState.Created, Assert.Single(await house.Manager.ListAsync(new SandboxFilter { Owner = house.Settings.Owner }, Limits.Token)).State);
    }
}
