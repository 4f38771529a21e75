using System.Net.Sockets;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace FlourishaSandbox.Host;

/// <summary>Says what became of a request that no application answered.</summary>
/// <param name="runtime">Knows who listens in a sandbox.</param>
internal sealed class ForwardingFailure(ISandboxRuntime runtime)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    /// <summary>Finds the answer.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="port">The port inside it.</param>
    /// <param name="error">What failed.</param>
    /// <param name="exception">How.</param>
    public async Task<GatewayAnswer> DescribeAsync(Sandbox sandbox, int port, ForwarderError error, Exception? exception)
    {
        // Of the request, not of the answer: what the server here could not read.
        if (error == ForwarderError.RequestBodyClient || Has<BadHttpRequestException>(exception))
            return GatewayAnswer.NotUnderstood("Its content is not as its head says.");

        var socketError = FindSocketError(exception);
        if (socketError == SocketError.ConnectionRefused)
            return await IsForItselfAsync(sandbox, port) ? GatewayAnswer.LoopbackOnly(sandbox.Name, port) : GatewayAnswer.NotListening(sandbox.Name, port);

        if (socketError is SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostNotFound)
            return GatewayAnswer.Unreachable(sandbox.Name, port);

        if (error == ForwarderError.RequestTimedOut || socketError == SocketError.TimedOut || exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } || Has<TimeoutException>(exception))
            return GatewayAnswer.TimedOut(sandbox.Name, port);

        return GatewayAnswer.Ended(sandbox.Name, port);
    }

    private async Task<bool> IsForItselfAsync(Sandbox sandbox, int port)
    {
        using var limit = new CancellationTokenSource(s_limit);
        try
        {
            await using var connection = await runtime.Ports.ConnectAsync(sandbox, port, limit.Token);
            return true;
        }
        catch (Exception e) when (e is SandboxException or OperationCanceledException)
        {
            return false; // no agent, or it is busy: what is known is that nobody answers
        }
    }

    private static SocketError? FindSocketError(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is SocketException socket)
                return socket.SocketErrorCode;
        }

        return null;
    }

    private static bool Has<T>(Exception? exception)
        where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is T)
                return true;
        }

        return false;
    }
}
