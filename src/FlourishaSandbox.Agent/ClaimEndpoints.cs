using FlourishaSandbox.Agent.Http;
using FlourishaSandbox.Agent.Processes;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Http;
using Microsoft.AspNetCore.Http;

namespace FlourishaSandbox.Agent;

/// <summary>Makes a sandbox that waits in a pool somebody's.</summary>
/// <param name="claim">Whether it waits.</param>
/// <param name="state">What processes start with.</param>
/// <param name="deadline">When it ends.</param>
/// <param name="life">Whether it is ending.</param>
internal sealed class ClaimEndpoints(PoolClaim claim, AgentState state, SandboxDeadline deadline, AgentLife life)
{
    /// <summary>Adds the endpoint.</summary>
    /// <param name="endpoints">To these.</param>
    public void Map(EndpointTable endpoints) => endpoints.Map(EnvdRoutes.Claim, ClaimAsync);

    private async Task ClaimAsync(HttpContext context)
    {
        PlainHttp.RequireMethod(context, HttpMethods.Get, HttpMethods.Post);
        if (HttpMethods.IsPost(context.Request.Method))
            Take(await PlainHttp.ReadJsonAsync(context, EnvdJson.Default.ClaimRequest));

        await PlainHttp.WriteJsonAsync(context, claim.Describe(), EnvdJson.Default.ClaimState);
    }

    // Everything is checked before it is taken: a claim that is refused leaves it as it was.
    private void Take(ClaimRequest request)
    {
        var variables = request.EnvVars ?? new Dictionary<string, string>();
        foreach (var (name, value) in variables)
            StartCheck.CheckVariable(name, value);

        SandboxDeadline.Check(request.TimeoutMs);
        claim.Take(request.Labels ?? new Dictionary<string, string>());
        state.AddEnvironment(variables);
        deadline.Set(request.TimeoutMs);

        // The pool's own deadline may have passed at this very moment.
        if (life.IsEnding)
            throw new ConnectException(ConnectCode.Unavailable, "this sandbox is ending");
    }
}
