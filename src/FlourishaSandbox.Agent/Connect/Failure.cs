using FlourishaSandbox.Envd.Connect;
using Microsoft.AspNetCore.Http;

namespace FlourishaSandbox.Agent.Connect;

/// <summary>Makes one of the protocol's failures of whatever went wrong.</summary>
internal static class Failure
{
    /// <summary>What a client is told.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="context">The request.</param>
    /// <param name="time">The client's time, where it set one.</param>
    /// <returns>The failure. It never says where in the agent it came from.</returns>
    public static ConnectException From(Exception exception, HttpContext context, CancellationTokenSource? time)
    {
        switch (exception)
        {
            case ConnectException known:
                return known;
            case OperationCanceledException when time?.IsCancellationRequested == true:
                return new ConnectException(ConnectCode.DeadlineExceeded, "the time of the call is over", exception);
            case OperationCanceledException:
                return new ConnectException(ConnectCode.Canceled, "the call was canceled", exception);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return new ConnectException(ConnectCode.ResourceExhausted, "the request is too long", exception);
            case BadHttpRequestException:
                return new ConnectException(ConnectCode.InvalidArgument, "the request's body is malformed", exception);
            default:
                // For whoever looks after the sandbox; the client learns no more than that.
                AgentLog.Write($"{context.Request.Path} failed: {exception.GetType().Name}");
                return new ConnectException(ConnectCode.Internal, "the agent failed", exception);
        }
    }
}
