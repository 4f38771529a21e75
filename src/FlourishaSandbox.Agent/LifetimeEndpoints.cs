using FlourishaSandbox.Agent.Http;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Http;
using Microsoft.AspNetCore.Http;

namespace FlourishaSandbox.Agent;

/// <summary>How long the sandbox lives, and whether it is frozen.</summary>
/// <param name="deadline">When it ends.</param>
/// <param name="freezer">What freezes it.</param>
/// <param name="life">What ends it.</param>
internal sealed class LifetimeEndpoints(SandboxDeadline deadline, SandboxFreezer freezer, AgentLife life)
{
    private const int LongestGraceMs = 600_000;

    /// <summary>Adds the endpoints.</summary>
    /// <param name="endpoints">To these.</param>
    public void Map(EndpointTable endpoints)
    {
        endpoints.Map(EnvdRoutes.Deadline, DeadlineAsync);
        endpoints.Map(EnvdRoutes.Hold, HoldAsync);
        endpoints.Map(EnvdRoutes.Resume, ResumeAsync);
        endpoints.Map(EnvdRoutes.End, EndAsync);
    }

    private async Task DeadlineAsync(HttpContext context)
    {
        PlainHttp.RequireMethod(context, HttpMethods.Get, HttpMethods.Put);
        if (HttpMethods.IsPut(context.Request.Method))
            deadline.Set((await PlainHttp.ReadJsonAsync(context, EnvdJson.Default.DeadlineRequest)).TimeoutMs);

        await WriteAsync(context);
    }

    private Task HoldAsync(HttpContext context)
    {
        PlainHttp.RequireMethod(context, HttpMethods.Post);
        deadline.Hold();
        return WriteAsync(context);
    }

    private async Task ResumeAsync(HttpContext context)
    {
        PlainHttp.RequireMethod(context, HttpMethods.Post);
        deadline.Resume(await PlainHttp.ReadJsonAsync(context, EnvdJson.Default.ResumeRequest));
        await freezer.ThawAsync();
        await WriteAsync(context);
    }

    private async Task EndAsync(HttpContext context)
    {
        PlainHttp.RequireMethod(context, HttpMethods.Post);
        var grace = (await PlainHttp.ReadJsonAsync(context, EnvdJson.Default.EndRequest)).GraceMs;
        if (grace is < 0 or > LongestGraceMs)
            throw new ConnectException(ConnectCode.InvalidArgument, $"graceMs is from 0 to {LongestGraceMs}");

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.OnCompleted(() =>
        {
            life.End(AgentLife.TerminatedExitCode, TimeSpan.FromMilliseconds(grace));
            return Task.CompletedTask;
        });
    }

    private Task WriteAsync(HttpContext context) =>
        PlainHttp.WriteJsonAsync(context, deadline.Get() with { Suspended = freezer.IsFrozen ? true : null }, EnvdJson.Default.Deadline);
}
