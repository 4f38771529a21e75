using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Tests;

public class SideBySideTests
{
    [Fact]
    public async Task Results_and_failures_keep_the_order_of_the_items()
    {
        var outcome = await SideBySide.RunAsync(Enumerable.Range(0, 20), async (item, token) =>
        {
            await Task.Delay(20 - item, token);
            return item % 5 == 0 ? throw new SandboxException(SandboxError.NameInUse, $"{item}") : $"{item}";
        }, undo: null, CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, 20).Where(item => item % 5 != 0).Select(item => $"{item}"), outcome.Results);
        Assert.Equal(["0", "5", "10", "15"], outcome.Failures.Select(failure => failure.Message));
    }

    [Fact]
    public async Task What_was_made_is_undone_when_the_whole_is_cut_short()
    {
        using var cut = new CancellationTokenSource();
        IReadOnlyList<string> undone = [];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SideBySide.RunAsync(Enumerable.Range(0, 100), async (item, token) =>
        {
            // The first that has to wait for a place: something was made before it.
            if (item == Environment.ProcessorCount)
                await cut.CancelAsync();

            token.ThrowIfCancellationRequested();
            return $"{item}";
        }, made =>
        {
            undone = made;
            return Task.CompletedTask;
        }, cut.Token));

        Assert.NotEmpty(undone);
    }
}
