using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlourishaSandbox.Browser.Driving;

/// <summary>
/// Closes pages that answer nothing. Whoever connects to the browser later would wait for them, and could never reach the others.
/// </summary>
internal static class HungPages
{
    private const int LongestMessage = 1 << 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Asks each page for an answer, and closes those that give none within 5 s.</summary>
    /// <param name="url">By which the browser is driven.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many were closed.</returns>
    public static async Task<int> CloseAsync(string url, CancellationToken cancellationToken)
    {
        using var socket = new ClientWebSocket();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(4 * s_patience);
        var number = 0;
        async Task<int> SendAsync(string method, JsonObject arguments, string? session = null)
        {
            var message = new JsonObject { ["id"] = ++number, ["method"] = method, ["params"] = arguments };
            if (session is not null)
                message["sessionId"] = session;

            await socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, limit.Token).ConfigureAwait(false);
            return number;
        }

        async Task<JsonElement> AnswerAsync(int id)
        {
            while (true)
            {
                var message = await ReceiveAsync(socket, limit.Token).ConfigureAwait(false);
                if (message.TryGetProperty("id", out var answered) && answered.GetInt32() == id)
                    return message.TryGetProperty("result", out var result) ? result : default;
            }
        }

        try
        {
            await socket.ConnectAsync(new Uri(url), limit.Token).ConfigureAwait(false);
            var targets = await AnswerAsync(await SendAsync("Target.getTargets", []).ConfigureAwait(false)).ConfigureAwait(false);
            var asked = new Dictionary<int, string>();
            foreach (var target in targets.GetProperty("targetInfos").EnumerateArray().Where(one => one.Text("type") == "page").Select(one => one.Text("targetId")))
            {
                var attached = await AnswerAsync(await SendAsync("Target.attachToTarget", new() { ["targetId"] = target, ["flatten"] = true }).ConfigureAwait(false)).ConfigureAwait(false);
                asked[await SendAsync("Runtime.evaluate", new() { ["expression"] = "1" }, attached.Text("sessionId")).ConfigureAwait(false)] = target;
            }

            await ForgetThoseThatAnswerAsync(socket, asked, limit.Token).ConfigureAwait(false);

            // A receive that was cancelled has ended this connection.
            using var closing = new ClientWebSocket();
            await closing.ConnectAsync(new Uri(url), limit.Token).ConfigureAwait(false);
            foreach (var target in asked.Values)
            {
                var message = new JsonObject { ["id"] = ++number, ["method"] = "Target.closeTarget", ["params"] = new JsonObject { ["targetId"] = target } };
                await closing.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, limit.Token).ConfigureAwait(false);
                await ReceiveAsync(closing, limit.Token).ConfigureAwait(false);
            }

            return asked.Count;
        }
        catch (Exception e) when (e is WebSocketException or JsonException or KeyNotFoundException or InvalidOperationException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return 0; // the next attempt to connect says what is wrong
        }
    }

    private static async Task ForgetThoseThatAnswerAsync(ClientWebSocket socket, Dictionary<int, string> asked, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            while (asked.Count > 0)
            {
                var message = await ReceiveAsync(socket, patience.Token).ConfigureAwait(false);
                if (message.TryGetProperty("id", out var answered))
                    asked.Remove(answered.GetInt32());
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Those that are left are meant.
        }
    }

    private static async Task<JsonElement> ReceiveAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close || text.Length > LongestMessage)
                throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);

            text.Write(buffer, 0, part.Count);
            if (!part.EndOfMessage)
                continue;

            using var document = JsonDocument.Parse(text.ToArray());
            return document.RootElement.Clone();
        }
    }
}
