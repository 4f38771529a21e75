using FlourishaSandbox.Agent.Connect;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FlourishaSandbox.Agent.Http;

/// <summary>Takes each request to its endpoint, if its token lets it pass, and answers for those that fail.</summary>
/// <param name="endpoints">What answers which path.</param>
/// <param name="token">The access token.</param>
/// <param name="claim">Whether the sandbox waits in a pool.</param>
/// <param name="started">Done when what the image runs by itself has been started. Nobody is answered before, so that who finds the sandbox ready finds that too.</param>
internal sealed class AgentApplication(EndpointTable endpoints, AccessToken token, PoolClaim claim, Task started) : IHttpApplication<HttpContext>
{
    private const string OwnPaths = "/flourisha/";

    /// <inheritdoc/>
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    /// <inheritdoc/>
    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    /// <inheritdoc/>
    public async Task ProcessRequestAsync(HttpContext context)
    {
        await started;
        var path = context.Request.Path.Value ?? "";
        var endpoint = endpoints.Find(path);

        // Whoever bears no token learns nothing, not even which paths there are.
        if (endpoint is not { Access: Access.Open or Access.Own } && !token.Accepts(context.Request.Headers[EnvdProtocol.AccessTokenHeader]))
        {
            await WriteFailureAsync(context, path, new ConnectException(ConnectCode.Unauthenticated, "the access token is missing or wrong"));
            return;
        }

        try
        {
            claim.Check(path);
            if (endpoint is null)
                await WriteNotFoundAsync(context, path);
            else
                await endpoint.Handle(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client hung up: there is nobody to answer.
            context.Abort();
        }
        catch (MethodNotAllowedException exception)
        {
            context.Response.Headers.Allow = exception.Allowed;
            await PlainHttp.WriteErrorAsync(context, StatusCodes.Status405MethodNotAllowed, $"this path takes {exception.Allowed}");
        }
        catch (Exception exception)
        {
            var failure = Failure.From(exception, context, time: null);
            if (context.Response.HasStarted)
                context.Abort(); // Half an answer must not look like a whole one.
            else
                await WriteFailureAsync(context, path, failure);
        }
    }

    private static bool IsConnect(string path)
        => path.StartsWith(EnvdRoutes.Process, StringComparison.Ordinal) || path.StartsWith(EnvdRoutes.Filesystem, StringComparison.Ordinal);

    // Our own calls tell failures as the services do: their codes say more than a status. E2B's plain ones have a form of their own.
    private static bool FailsLikeConnect(string path) => IsConnect(path) || path.StartsWith(OwnPaths, StringComparison.Ordinal);

    private static Task WriteNotFoundAsync(HttpContext context, string path) => IsConnect(path)
        ? PlainHttp.WriteJsonAsync(
            context,
            new ConnectError(ConnectCodes.ToName(ConnectCode.Unimplemented), "there is no such method"),
            EnvdJson.Default.ConnectError,
            StatusCodes.Status404NotFound)
        : PlainHttp.WriteErrorAsync(context, StatusCodes.Status404NotFound, "there is no such path");

    private static Task WriteFailureAsync(HttpContext context, string path, ConnectException failure)
    {
        var status = ConnectCodes.ToStatus(failure.Code);
        return FailsLikeConnect(path)
            ? PlainHttp.WriteJsonAsync(context, new ConnectError(ConnectCodes.ToName(failure.Code), failure.Message), EnvdJson.Default.ConnectError, status)
            : PlainHttp.WriteErrorAsync(context, status, failure.Message);
    }
}
