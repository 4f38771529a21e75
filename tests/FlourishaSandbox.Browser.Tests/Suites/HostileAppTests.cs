using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Browser.Suites.Running;
using FlourishaSandbox.Browser.Tests.Driving;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Tests.Suites;

/// <summary>Apps that do not start, hang or have no network: the run goes on, and leaves nothing behind.</summary>
[Collection(GuestBook.Collection)]
[Trait("Category", BrowserHouse.Category)]
public sealed class HostileAppTests(GuestBook book) : IDisposable
{
    private const string App = "app: { port: 8000, start: python3 app.py 8000, workingDirectory: /workspace, ready: /health }";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_page_that_loops_fails_its_own_check_only()
    {
        var results = await book.RunAsync(_folder.Path, $$"""
            {{App}}
            stories:
              - { name: Looping, path: /loop, timeout: 20s, steps: [{ script: "return new Promise(resolve => setTimeout(resolve, 600))", timeout: 2s }] }
              - { name: Waiting, path: /loop, timeout: 20s, steps: [{ waitFor: "#never", timeout: 2s }] }
              - { name: Sound, path: /about, steps: [{ expect: A book for guests. }] }
            """);
        var stories = results.Where(result => result.Kind == AppTestKind.Story).ToList();
        Assert.Equal([AppTestStatus.Failed, AppTestStatus.Failed, AppTestStatus.Passed], stories.Select(result => result.Status));
        Assert.Equal("It was not done within 2 s.", stories[0].Message);

        // By whether the page was quick enough to say something before it began.
        Assert.Matches(@"^(The page did not say within 2 s what is on it; a script of its may be looping|There is no #never\. What is there instead could not be found out)\.$", stories[1].Message);
    }

    [Fact]
    public async Task An_app_that_does_not_start_says_why_and_the_rest_is_skipped()
    {
        var results = await book.RunAsync(_folder.Path, """
            app: { port: 8000, start: python3 app.py 8000 fish, workingDirectory: /workspace }
            run: [{ name: Never, command: "true" }]
            stories: [{ name: Not even this, viewports: [phone, desktop], steps: [{ expect: x }] }]
            """);
        Assert.Contains("python3", results[0].Message, StringComparison.Ordinal);
        Assert.Contains("has ended with exit code 3, and nothing listens", results[0].Message, StringComparison.Ordinal);
        Assert.Contains("it does not like fish", results[0].Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", results[0].Message, StringComparison.Ordinal);
        Assert.Equal([("Never", null), ("Not even this", "phone"), ("Not even this", "desktop")], results.Skip(1).Select(result => (result.Name, result.Viewport)));
        Assert.All(results.Skip(1), result => Assert.Equal((AppTestStatus.Skipped, "The app is not ready."), (result.Status, result.Message)));
        Assert.False(Directory.Exists(_folder["evidence"]));

        results = await book.RunAsync(_folder.Path, """
            app: { port: 8000, timeout: 1s }
            run: [{ name: Never, command: "true" }]
            """);
        Assert.Contains("did not become ready within 1 s: ", results[0].Message, StringComparison.Ordinal);
        Assert.Contains("nothing listens", results[0].Message, StringComparison.Ordinal);
        Assert.EndsWith("Start it first, or add app.start to the suite.", results[0].Message, StringComparison.Ordinal);

        results = await book.RunAsync(_folder.Path, """
            app: { port: 8000, start: python3 app.py 8000, workingDirectory: /workspace, ready: /broken, timeout: 3s }
            run: [{ name: Never, command: "true" }]
            """);
        Assert.Contains("/broken did not become ready within 3 s: ", results[0].Message, StringComparison.Ordinal);
        Assert.Contains("500", results[0].Message, StringComparison.Ordinal);
        Assert.DoesNotContain(await book.Manager.Processes.ListAsync(await book.GetSandboxAsync(), true, BrowserHouse.Cancellation), process => process.State == ProcessState.Running);
    }

    [Fact]
    public async Task What_is_cancelled_ends_what_it_started()
    {
        var sandbox = await book.GetSandboxAsync();
        var path = _folder.Write("sandbox-tests.yaml", $$"""
            {{App}}
            run: [{ command: sleep 600 }]
            """);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(BrowserHouse.Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var result in new AppTester(book.Manager).RunAsync(sandbox, AppTestSuite.Read(path), new AppTestOptions { EvidenceFolder = _folder["evidence"] }, OperationObserver.None, cancel.Token))
            {
                Assert.Equal((AppTestKind.Start, AppTestStatus.Passed), (result.Kind, result.Status));
                cancel.CancelAfter(TimeSpan.FromMilliseconds(500));
            }
        });
        Assert.DoesNotContain(await book.Manager.Processes.ListAsync(sandbox, true, BrowserHouse.Cancellation), process => process.State == ProcessState.Running);
    }

    [Fact]
    public async Task An_app_without_a_network_is_tested_from_within_and_by_pages()
    {
        await book.GetSandboxAsync();
        var sandbox = await book.CreateAsync(new SandboxOptions { Template = "minimal", Network = NetworkPolicy.None, Timeout = TimeSpan.FromMinutes(20) });
        var results = await book.RunAsync(_folder.Path, $$"""
            {{App}}
            api:
              - { name: Health, request: /health, from: [inside, outside] }
            stories:
              - { name: About, path: /about, steps: [{ expect: A book for guests. }] }
            """, sandbox: sandbox);
        Assert.Equal(["The app answers: Passed", "Health: Passed", "Health: Failed", "About: Passed", "About: Passed"], results.Select(result => $"{result.Name}: {result.Status}"));
        Assert.Contains("no network", results[2].Message, StringComparison.OrdinalIgnoreCase);
    }
}
