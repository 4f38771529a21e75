using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Hosting;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Runs the gateway.</summary>
internal sealed class ServeVerb : Verb
{
    private readonly GatewayFlags _flags = new();

    /// <summary>Creates the verb.</summary>
    public ServeVerb()
        : base(
            "serve",
            "Runs the gateway, which gives every port of every sandbox a name such as 8000-0123456789ab.localhost:8080, until Ctrl+C or SIGTERM.",
            "docker-sandbox serve",
            "docker-sandbox serve --port 80 --domain sandboxes.localhost",
            "docker-sandbox serve --address 0.0.0.0 --port 443 --domain sandboxes.example.com --certificate fullchain.pem --certificate-key privkey.pem")
    {
        _flags.AddTo(this);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var options = _flags.Read(session.Parse);
        return Companion.Gateway.RunAsync(options.ToWords());
    }
}
