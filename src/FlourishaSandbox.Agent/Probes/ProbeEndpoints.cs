using System.Globalization;
using FlourishaSandbox.Agent.Connect;
using FlourishaSandbox.Agent.Http;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using Microsoft.AspNetCore.Http;

namespace FlourishaSandbox.Agent.Probes;

/// <summary>What a sandbox uses, and whether something in it listens.</summary>
internal static class ProbeEndpoints
{
    private const long LongestWait = 600_000;

    /// <summary>Adds them.</summary>
    /// <param name="endpoints">Where to.</param>
    /// <param name="state">Where the sandbox's working directory is known.</param>
    /// <param name="metrics">What measures.</param>
    /// <param name="ports">What knows who listens.</param>
    public static void Map(EndpointTable endpoints, AgentState state, MetricsReader metrics, PortListing ports)
    {
        endpoints.Map(EnvdRoutes.Metrics, async context =>
        {
            PlainHttp.RequireMethod(context, HttpMethods.Get);
            await PlainHttp.WriteJsonAsync(context, await metrics.ReadAsync(state.WorkingDirectory, context.RequestAborted), EnvdJson.Default.AgentMetrics);
        });
        endpoints.Map(EnvdRoutes.Port, ConnectErrors.Answered(AnswerPortAsync));
        endpoints.Map(EnvdRoutes.Ports, ConnectErrors.Answered(async context =>
        {
            PlainHttp.RequireMethod(context, HttpMethods.Get);
            var port = Number(context, "port", least: 0, most: ushort.MaxValue, missing: 0);
            await PlainHttp.WriteJsonAsync(context, ports.List(port == 0 ? null : (ushort)port), EnvdJson.Default.PortList);
        }));
    }

    private static async Task AnswerPortAsync(HttpContext context)
    {
        PlainHttp.RequireMethod(context, HttpMethods.Get);
        var port = (ushort)Number(context, "port", least: 1, most: ushort.MaxValue, missing: null);
        var wait = TimeSpan.FromMilliseconds(Number(context, "timeoutMs", least: 0, most: LongestWait, missing: 0));
        await PlainHttp.WriteJsonAsync(context, await ListeningPorts.WaitAsync(port, wait, context.RequestAborted), EnvdJson.Default.PortState);
    }

    private static long Number(HttpContext context, string name, long least, long most, long? missing)
    {
        var text = PlainHttp.Query(context, name);
        if (text is null && missing is { } value)
            return value;

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new ConnectException(ConnectCode.InvalidArgument, $"the query's '{name}' has to be a number from {least} to {most}");
    }
}
