using FlourishaSandbox.Agent.Http;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using Microsoft.AspNetCore.Http;

namespace FlourishaSandbox.Agent.Connect;

/// <summary>Errors of calls that are no Connect calls, and answer like them all the same.</summary>
internal static class ConnectErrors
{
    /// <summary>Has a handler's failures told by their codes.</summary>
    /// <param name="handle">The handler.</param>
    /// <returns>The same, with its failures answered.</returns>
    public static RequestDelegate Answered(Func<HttpContext, Task> handle) => async context =>
    {
        try
        {
            await handle(context);
        }
        catch (ConnectException e) when (!context.Response.HasStarted)
        {
            await PlainHttp.WriteJsonAsync(context, new ConnectError(ConnectCodes.ToName(e.Code), e.Message), EnvdJson.Default.ConnectError, ConnectCodes.ToStatus(e.Code));
        }
    };
}
