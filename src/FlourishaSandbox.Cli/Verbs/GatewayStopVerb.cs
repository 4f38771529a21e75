using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Ends gateways.</summary>
internal sealed class GatewayStopVerb : Verb
{
    private readonly Argument<int[]> _ports = new("port") { Description = "The ports that they listen on; all where none is given.", HelpName = "PORT", Arity = ArgumentArity.ZeroOrMore };

    /// <summary>Creates the verb.</summary>
    public GatewayStopVerb()
        : base("stop", "Ends this user's gateways on this machine. What is under way has some seconds to end first.", "docker-sandbox gateway stop", "docker-sandbox gateway stop 9000")
        => Add(_ports);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var ports = session.Parse.GetValue(_ports) ?? [];
        var gateways = session.Manager.Gateways.List();
        foreach (var port in ports)
        {
            if (!gateways.Any(gateway => gateway.Port == port))
                throw SandboxGateways.NotFound(port, gateways);
        }

        List<SandboxGateway> ended = [.. gateways.Where(gateway => ports.Length == 0 || ports.Contains(gateway.Port))];
        foreach (var gateway in ended)
            await session.Manager.Gateways.StopAsync(gateway, cancellationToken);

        if (session.Json)
            session.WriteDocument(ended, CliJson.Default.IReadOnlyListSandboxGateway);
        else
            session.Note(ended.Count == 0 ? "There is no gateway." : $"Ended: {string.Join(", ", ended)}.");

        return ExitCodes.Success;
    }
}
