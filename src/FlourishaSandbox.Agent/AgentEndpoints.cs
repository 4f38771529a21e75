using FlourishaSandbox.Agent.Http;
using FlourishaSandbox.Agent.Processes;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Http;
using Microsoft.AspNetCore.Http;

namespace FlourishaSandbox.Agent;

/// <summary>What is about the agent itself: its health, who it is, its variables, its token.</summary>
/// <param name="state">Who it is.</param>
/// <param name="token">Its token.</param>
/// <param name="claim">Whether it waits in a pool.</param>
internal sealed class AgentEndpoints(AgentState state, AccessToken token, PoolClaim claim)
{
    /// <summary>Adds the endpoints.</summary>
    /// <param name="endpoints">To these.</param>
    public void Map(EndpointTable endpoints)
    {
        endpoints.Map(EnvdRoutes.Health, HealthAsync, Access.Open);
        endpoints.Map(EnvdRoutes.Init, InitAsync, Access.Own);
        endpoints.Map(EnvdRoutes.Envs, EnvironmentAsync);
        endpoints.Map(EnvdRoutes.Info, InfoAsync);
        endpoints.Map(EnvdRoutes.Token, TokenAsync, Access.Own);
    }

    private static Task HealthAsync(HttpContext context)
    {
        PlainHttp.RequireMethod(context, HttpMethods.Get);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private async Task InitAsync(HttpContext context)
    {
        PlainHttp.RequireMethod(context, HttpMethods.Post);
        var presented = context.Request.Headers[EnvdProtocol.AccessTokenHeader].ToString();
        var isKnown = token.Accepts(presented);
        var body = await PlainHttp.ReadBodyAsync(context);
        var request = body.Length == 0 ? new InitRequest() : Connect.ConnectMessage.Parse(body, EnvdJson.Default.InitRequest);

        // The body's token proves as much as the header's; a wrong one in either place proves that something is wrong.
        var isRight = request.AccessToken is { Length: > 0 } inBody ? token.Accepts(inBody) && (isKnown || presented.Length == 0) : isKnown;
        if (!isRight)
            throw new ConnectException(ConnectCode.Unauthenticated, "the access token is missing or wrong");

        foreach (var (name, value) in request.EnvVars ?? new Dictionary<string, string>())
            StartCheck.CheckVariable(name, value);

        // What a pool's sandbox is told at first must not be what the next one finds in it.
        if (claim.Waits && (request.EnvVars is { Count: > 0 } || request.DefaultWorkdir is { Length: > 0 }))
            throw new ConnectException(ConnectCode.FailedPrecondition, "this sandbox waits in a pool: claim it first");

        if (request.DefaultUser is { Length: > 0 } user && !state.User.IsNamed(user))
            throw new ConnectException(ConnectCode.InvalidArgument, $"this sandbox has one user, '{state.User.Name}'; '{user}' is another one");

        if (request.DefaultWorkdir is { Length: > 0 } folder)
            state.WorkingDirectory = StartCheck.CheckFolder(AgentPath.Resolve(folder, state.User));

        state.AddEnvironment(request.EnvVars ?? new Dictionary<string, string>());
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private Task EnvironmentAsync(HttpContext context)
    {
        PlainHttp.RequireMethod(context, HttpMethods.Get);
        return PlainHttp.WriteJsonAsync(context, state.CopyEnvironment(), EnvdJson.Default.DictionaryStringString);
    }

    private Task InfoAsync(HttpContext context)
    {
        PlainHttp.RequireMethod(context, HttpMethods.Get);
        var info = new AgentInfo
        {
            Version = AgentProgram.Version,
            User = state.User.Name,
            Uid = state.User.Uid,
            Gid = state.User.Gid,
            Home = state.User.Home,
            WorkingDirectory = state.WorkingDirectory,
        };
        return PlainHttp.WriteJsonAsync(context, info, EnvdJson.Default.AgentInfo);
    }

    /// <summary>
    /// Hands the token out to whom the engine started in the sandbox: who can do that is the sandbox's owner. Nothing that was started
    /// from inside looks like this, for its parent is inside too.
    /// </summary>
    private async Task TokenAsync(HttpContext context)
    {
        PlainHttp.RequireMethod(context, HttpMethods.Get);
        if (PeerProcess.Of(context) is not { } peer || !peer.IsFromEngine(state.User.Uid))
            throw new ConnectException(ConnectCode.PermissionDenied, "the token is for those whom the engine started");

        var value = token.Value ?? throw new ConnectException(ConnectCode.Unavailable, "no request has borne the token yet");
        context.Response.ContentType = "text/plain";
        await context.Response.WriteAsync(value, context.RequestAborted);
    }
}
