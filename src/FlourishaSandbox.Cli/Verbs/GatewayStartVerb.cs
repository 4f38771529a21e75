using System.Net;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Starts a gateway in the background.</summary>
internal sealed class GatewayStartVerb : Verb
{
    private readonly GatewayFlags _flags = new();

    /// <summary>Creates the verb.</summary>
    public GatewayStartVerb()
        : base(
            "start",
            "Starts the gateway in the background, and prints what its URLs look like once it serves. 'serve' runs it in the foreground.",
            "docker-sandbox gateway start",
            "docker-sandbox gateway start --port 9000 --keep-host")
        => _flags.AddTo(this);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var options = _flags.Read(session.Parse);
        if (!IPAddress.IsLoopback(options.Address) && options.Certificate is null)
            session.Note($"warning: whoever reaches {options.Address} can read what passes, tokens too, as there is no certificate. Name one, or put a proxy with one in front.");

        var settings = session.Manager.Settings.Gateway;
        if (options.Port != settings.Port && settings.Url is null)
            session.Note($"warning: addresses of sandboxes name port {settings.Port}. To have them name this one: docker-sandbox config set gateway.port {options.Port}");

        var gateway = await session.Manager.Gateways.StartAsync(options, cancellationToken);
        if (session.Json)
            session.WriteDocument(gateway, CliJson.Default.SandboxGateway);
        else
            session.WriteLine(gateway.Url);

        return ExitCodes.Success;
    }
}
