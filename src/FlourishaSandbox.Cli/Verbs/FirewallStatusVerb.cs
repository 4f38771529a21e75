using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Terminal;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Says which rules of the firewall are there.</summary>
internal sealed class FirewallStatusVerb : Verb
{
    /// <summary>Creates the verb.</summary>
    public FirewallStatusVerb()
        : base("status", "Says which rules there should be, and which are there. Takes root.", "sudo docker-sandbox firewall status", "sudo docker-sandbox firewall status --json | jq 'all(.present)'")
    {
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var rules = await session.Manager.Firewall.ReadAsync(cancellationToken);
        if (session.Json)
        {
            session.WriteDocument([.. rules.Select(FirewallRuleDocument.From)], CliJson.Default.IReadOnlyListFirewallRuleDocument);
            return ExitCodes.Success;
        }

        var table = new Table("THERE", "FAMILY", "CHAIN", "RULE");
        foreach (var rule in rules)
            table.Add(rule.Present ? "yes" : "no", rule.Family.ToString(), rule.Chain, rule.Rule);

        session.WriteTable(table, "");
        var present = rules.Count(rule => rule.Present);
        session.Note(present == rules.Count ? "Closed: all rules are there."
            : present == 0 ? "Open: none of the rules is there. 'firewall install' installs them."
            : $"Half open: {rules.Count - present} rules are missing. 'firewall install' installs them.");
        return ExitCodes.Success;
    }
}
