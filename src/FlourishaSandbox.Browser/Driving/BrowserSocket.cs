using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlourishaSandbox.Browser.Driving;

/// <summary>Messages to and from a browser without a driver, on a socket of one's own.</summary>
internal static class BrowserSocket
{
    private const int LongestMessage = 1 << 20;

    /// <summary>Sends one.</summary>
    public static async Task SendAsync(this ClientWebSocket socket, JsonObject message, CancellationToken cancellationToken) =>
        await socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, cancellationToken).ConfigureAwait(false);

    /// <summary>Receives one: hostile.</summary>
    /// <exception cref="WebSocketException">The browser has hung up, or says more than 1 MiB at once.</exception>
    /// <exception cref="JsonException">It is no message.</exception>
    public static async Task<JsonElement> ReceiveAsync(this ClientWebSocket socket, CancellationToken cancellationToken)
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
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw new JsonException("It is no object.");
        }
    }
}
