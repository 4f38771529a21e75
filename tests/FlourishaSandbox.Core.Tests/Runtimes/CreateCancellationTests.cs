using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Runtimes;

/// <summary>The user gives up while a sandbox is made.</summary>
[Trait("Category", Engine.Category)]
public sealed class CreateCancellationTests
{
    [Theory]
    [MemberData(nameof(CreateFailure.Steps), MemberType = typeof(CreateFailure))]
    public async Task The_user_cancels(string step) =>
        await CreateFailure.ExpectAsync(step, async (request, cancellation) =>
        {
            await cancellation.CancelAsync();
            await request.PassAsync();
        }, expected: null);

    [Fact]
    public async Task The_user_cancels_at_any_time()
    {
        await using var house = await SandboxHouse.OpenAsync();
        await house.LearnAsync();
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
}
