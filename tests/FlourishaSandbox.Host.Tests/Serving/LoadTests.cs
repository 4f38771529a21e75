using System.Net;
using System.Net.WebSockets;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Host.Tests.Serving;

/// <summary>Many at once. How fast it is, the benchmarks measure.</summary>
public sealed class LoadTests(GatewayHouse house) : GatewayTests(house)
{
    private const int Askers = 32;
    private const int QuestionsEach = 100;

    [Fact]
    public async Task Many_users_of_several_sandboxes_get_their_answers_while_others_come_and_go()
    {
        var others = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => House.CreateAsync()));
        await Task.WhenAll(others.Select(sandbox => House.ServeAsync(sandbox, mark: sandbox.ShortId)));

        using var socket = new ClientWebSocket();
        using var invoker = new HttpMessageInvoker(Clients.CreateHandler(House.Gateway));
        await socket.ConnectAsync(new Uri($"ws://{GatewayHouse.HostOf(others[0])}:{House.Gateway.Port}/socket"), invoker, Limits.Token);

        using var done = new CancellationTokenSource();
        var (coming, talking) = (ComeAndGoAsync(done.Token), TalkAsync(socket, done.Token));
        await Task.WhenAll(Enumerable.Range(0, Askers).Select(i => AskAsync(others[i % others.Length])));
        await done.CancelAsync();
        Assert.True(await coming > 0, "nobody came");
        Assert.True(await talking > 0, "nobody talked");
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Limits.Token);
    }

    // Each with connections of its own, and each answer from the sandbox that was asked.
    private async Task AskAsync(Sandbox sandbox)
    {
        using var client = House.ClientOf(sandbox);
        for (var i = 0; i < QuestionsEach; i++)
        {
            using var answer = await client.GetAsync($"/{i}", Limits.Token);
            Assert.Equal((HttpStatusCode.OK, sandbox.ShortId), (answer.StatusCode, answer.Headers.GetValues("X-App").Single()));
        }
    }

    private async Task<int> ComeAndGoAsync(CancellationToken done)
    {
        var count = 0;
        do
        {
            var sandbox = await House.CreateAsync();
            await House.ServeAsync(sandbox, mark: sandbox.ShortId);
            using (var client = House.ClientOf(sandbox))
            using (await Retry.UntilAsync(() => client.GetAsync("/", Limits.Token), answer => answer.IsSuccessStatusCode))
                await House.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token);

            count++;
        }
        while (!done.IsCancellationRequested);
        return count;
    }

    private static async Task<int> TalkAsync(ClientWebSocket socket, CancellationToken done)
    {
        var (buffer, count) = (new byte[16], 0);
        do
        {
            var word = BitConverter.GetBytes(count++);
            await socket.SendAsync(word, WebSocketMessageType.Binary, endOfMessage: true, Limits.Token);
            var received = await socket.ReceiveAsync(buffer, Limits.Token);
            Assert.Equal(word, buffer[..received.Count]);
        }
        while (!done.IsCancellationRequested);
        return count;
    }
}
