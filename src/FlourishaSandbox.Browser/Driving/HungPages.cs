using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlourishaSandbox.Browser.Driving;

/// <summary>
/// Closes pages that answer nothing. Whoever connects to the browser later would wait for them, and could never reach the others.
/// </summary>
internal static class HungPages
{
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

            await socket.SendAsync(message, limit.Token).ConfigureAwait(false);
            return number;
        }

        async Task<JsonElement> AnswerAsync(int id)
        {
            while (true)
            {
                var message = await socket.ReceiveAsync(limit.Token).ConfigureAwait(false);
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
                await closing.SendAsync(message, limit.Token).ConfigureAwait(false);
                await closing.ReceiveAsync(limit.Token).ConfigureAwait(false);
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
                var message = await socket.ReceiveAsync(patience.Token).ConfigureAwait(false);
                if (message.TryGetProperty("id", out var answered))
                    asked.Remove(answered.GetInt32());
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Those that are left are meant.
        }
    }
}
