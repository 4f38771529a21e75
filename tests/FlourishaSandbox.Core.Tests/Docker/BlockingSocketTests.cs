using FlourishaSandbox.Files;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Docker;

/// <summary>Copies block a thread in the kernel, from where only a closed connection brings it back.</summary>
public sealed class BlockingSocketTests : IDisposable
{
    private const string HeadOfArchive = "HTTP/1.1 200 OK\r\nX-Docker-Container-Path-Stat: e30=\r\nTransfer-Encoding: chunked\r\n\r\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_copy_out_of_an_engine_that_falls_silent_can_be_cancelled()
    {
        using var cancelling = new CancellationTokenSource();
        var leaving = new TaskCompletionSource();
        await using var engine = new FakeEngine(async (_, stream) =>
        {
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(HeadOfArchive + "5\r\nhello\r\n"));
            cancelling.CancelAfter(TimeSpan.FromMilliseconds(200));
            await leaving.Task;
        });
        using var runtime = new DockerRuntime(engine.Client);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DownloadAsync(runtime, cancelling.Token));
        leaving.SetResult();
    }

    [Fact]
    public async Task A_copy_that_an_engine_does_not_even_begin_to_answer_can_be_cancelled()
    {
        using var cancelling = new CancellationTokenSource();
        var leaving = new TaskCompletionSource();
        await using var engine = new FakeEngine((_, _) =>
        {
            cancelling.CancelAfter(TimeSpan.FromMilliseconds(200));
            return leaving.Task;
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.Client.Containers.GetArchiveAsync("x", "/x", cancelling.Token));
        leaving.SetResult();
    }

    [Fact]
    public async Task A_copy_into_an_engine_that_takes_nothing_can_be_cancelled()
    {
        using var cancelling = new CancellationTokenSource();
        var leaving = new TaskCompletionSource();
        await using var engine = new FakeEngine((_, _) =>
        {
            cancelling.CancelAfter(TimeSpan.FromMilliseconds(200));
            return leaving.Task;
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.Client.Containers.PutArchiveAsync("x", "/", async (stream, token) =>
        {
            while (true)
                await stream.WriteAsync(new byte[1 << 20], token);
        }, ownedByContainerUser: false, cancelling.Token));
        leaving.SetResult();
    }

    [Theory]
    [InlineData("")]
    [InlineData("5\r\nhello\r\n")]
    [InlineData("5\r\nhel")]
    [InlineData("no number\r\n")]
    public async Task A_connection_lost_in_the_middle_of_a_copy_is_the_engine_s_fault_and_not_the_sandbox_s(string body)
    {
        await using var engine = FakeEngine.Saying(HeadOfArchive + body);
        using var runtime = new DockerRuntime(engine.Client);
        var exception = await Assert.ThrowsAsync<SandboxException>(() => DownloadAsync(runtime, Limits.Token));
        Assert.Equal(SandboxError.EngineUnreachable, exception.Error);
    }

    private Task<IReadOnlyList<CopiedItem>> DownloadAsync(DockerRuntime runtime, CancellationToken cancellationToken) =>
        new SandboxFiles(runtime).DownloadAsync(
            new Sandbox { Id = "x", Name = "x", State = SandboxState.Running, Image = "x", Owner = "x", CreatedAt = DateTimeOffset.UnixEpoch, Engine = "x" },
            "/x", _folder["x"], OperationObserver.None, cancellationToken);
}
