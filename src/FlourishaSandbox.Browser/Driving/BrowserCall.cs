using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Driving;

/// <summary>One call to the browser in its sandbox, without a driver: for what must be done where a page hangs, and quickly.</summary>
internal static class BrowserCall
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    /// <summary>Makes it.</summary>
    /// <param name="manager">The sandboxes.</param>
    /// <param name="sandbox">The browser's.</param>
    /// <param name="path">By which the browser is driven.</param>
    /// <param name="method">What is called.</param>
    /// <param name="arguments">With what.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.AgentUnavailable"/>: the browser does not answer.</exception>
    public static async Task MakeAsync(SandboxManager manager, Sandbox sandbox, string path, string method, JsonObject arguments, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, ConnectCallback = async (_, token) => await manager.Ports.ConnectAsync(sandbox, BrowserSandboxes.DebugPort, token).ConfigureAwait(false) };
        using var invoker = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        try
        {
            await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{BrowserSandboxes.DebugPort}{path}"), invoker, limit.Token).ConfigureAwait(false);
            var message = new JsonObject { ["id"] = 1, ["method"] = method, ["params"] = arguments };
            await socket.SendAsync(message, limit.Token).ConfigureAwait(false);
            while (!(await socket.ReceiveAsync(limit.Token).ConfigureAwait(false)).TryGetProperty("id", out _))
            {
                // It tells of something else first.
            }
        }
        catch (Exception e) when (e is WebSocketException or JsonException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new SandboxException(SandboxError.AgentUnavailable, $"The browser in sandbox '{sandbox}' does not answer.", sandbox, "Close it with Close-SandboxPage -Browser or 'docker-sandbox browser close --all'.", e);
        }
    }
}
