using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Runtimes;

/// <summary>The engine fails while a sandbox is made.</summary>
[Trait("Category", Engine.Category)]
public sealed class CreateFailureTests
{
    [Theory]
    [MemberData(nameof(CreateFailure.Steps), MemberType = typeof(CreateFailure))]
    public async Task The_engine_fails(string step) =>
        await CreateFailure.ExpectAsync(step, (request, _) => request.AnswerAsync(500, "the disk is full"), SandboxError.EngineFailed);

    [Theory]
    [MemberData(nameof(CreateFailure.Steps), MemberType = typeof(CreateFailure))]
    public async Task The_engine_does_as_it_is_asked_and_then_fails(string step) =>
        await CreateFailure.ExpectAsync(step, (request, _) => request.AnswerAfterwardsAsync(500, "the disk is full now"), SandboxError.EngineFailed);

    [Fact]
    public async Task The_network_that_goes_away_in_the_middle_is_made_anew()
    {
        // Another process may make it anew, or a person prune it, between the look and the start.
        await using var proxy = new EngineProxy();
        await using var house = await SandboxHouse.OpenAsync(endpoint: proxy.Address);
        await house.LearnAsync();
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
        await house.LearnAsync();
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
