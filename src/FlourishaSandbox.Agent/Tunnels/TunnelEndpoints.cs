using System.Globalization;
using System.Net.Sockets;
using FlourishaSandbox.Agent.Connect;
using FlourishaSandbox.Agent.Http;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FlourishaSandbox.Agent.Tunnels;

/// <summary>
/// Connections through the agent, bytes as they are: to a port that only the sandbox's own processes reach, and from its processes to
/// whoever holds the token. What passes is nobody's business here.
/// </summary>
internal sealed class TunnelEndpoints
{
    private const string Protocol = "tcp";

    private readonly AcceptingPorts _accepting = new();

    /// <summary>Adds the endpoints.</summary>
    /// <param name="endpoints">To these.</param>
    public void Map(EndpointTable endpoints)
    {
        endpoints.Map(EnvdRoutes.Tunnel, ConnectErrors.Answered(ConnectAsync));
        endpoints.Map(EnvdRoutes.Accept, ConnectErrors.Answered(AcceptAsync));
    }

    private static async Task ConnectAsync(HttpContext context)
    {
        var (upgrade, port) = Read(context);
        using var socket = await LoopbackPort.ConnectAsync(port, context.RequestAborted);
        await JoinAsync(context, upgrade, socket);
    }

    private async Task AcceptAsync(HttpContext context)
    {
        var (upgrade, port) = Read(context);
        using var socket = await _accepting.AcceptAsync(port, context.RequestAborted);
        await JoinAsync(context, upgrade, socket);
    }

    private static (IHttpUpgradeFeature Upgrade, ushort Port) Read(HttpContext context)
    {
        PlainHttp.RequireMethod(context, HttpMethods.Get);
        var isPort = ushort.TryParse(PlainHttp.Query(context, "port"), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0;
        if (!isPort)
            throw new ConnectException(ConnectCode.InvalidArgument, $"the query's 'port' has to be a number from 1 to {ushort.MaxValue}");

        return context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade && context.Request.Headers.Upgrade == Protocol
            ? (upgrade, port)
            : throw new ConnectException(ConnectCode.InvalidArgument, $"this call has to ask for 'Upgrade: {Protocol}'");
    }

    private static async Task JoinAsync(HttpContext context, IHttpUpgradeFeature upgrade, Socket socket)
    {
        context.Response.Headers.Upgrade = Protocol;
        await using var client = await upgrade.UpgradeAsync();
        await using var local = new NetworkStream(socket, ownsSocket: false);
        await TunnelPump.JoinAsync(client, local, () => socket.Shutdown(SocketShutdown.Send), context.RequestAborted);
    }
}
