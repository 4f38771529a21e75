using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Hosting;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Shows the gateways that serve.</summary>
internal sealed class GatewayStatusVerb : Verb
{
    /// <summary>Creates the verb.</summary>
    public GatewayStatusVerb()
        : base("status", "Shows this user's gateways that serve on this machine.", "docker-sandbox gateway status", "docker-sandbox gateway status --json")
    {
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        Write(session, session.Manager.Gateways.List());
        return Task.FromResult(ExitCodes.Success);
    }

    /// <summary>Writes gateways as a table, or as one document.</summary>
    public static void Write(Session session, IReadOnlyList<SandboxGateway> gateways)
    {
        if (session.Json)
        {
            session.WriteDocument(gateways, CliJson.Default.IReadOnlyListSandboxGateway);
            return;
        }

        var table = new Table(">PORT", "ADDRESS", ">PROCESS", "EXPOSED", "URL");
        foreach (var one in gateways)
            table.Add([$"{one.Port}", one.Address, $"{one.ProcessId}", one.Exposed ? "yes" : "no", one.Url]);

        session.WriteTable(table, "There is no gateway; 'docker-sandbox gateway start' starts one.");
    }
}
