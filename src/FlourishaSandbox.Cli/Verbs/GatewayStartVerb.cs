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
        foreach (var trouble in options.FindTroubles(session.Manager.Settings))
            session.Note($"warning: {trouble}");

        var gateway = await session.Manager.Gateways.StartAsync(options, cancellationToken);
        if (session.Json)
            session.WriteDocument(gateway, CliJson.Default.SandboxGateway);
        else
            session.WriteLine(gateway.Url);

        return ExitCodes.Success;
    }
}
