using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Installs the rules of the firewall.</summary>
internal sealed class FirewallInstallVerb : Verb
{
    private readonly Option<bool> _dryRun = CommonOptions.Flag("--dry-run", "Only say what the rules would be.");

    /// <summary>Creates the verb.</summary>
    public FirewallInstallVerb()
        : base(
            "install",
            "Closes this machine, private networks and the metadata address to sandboxes. Takes root; holds until the machine starts anew.",
            "sudo docker-sandbox firewall install",
            "docker-sandbox firewall install --dry-run") => Add(_dryRun);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var dryRun = session.Parse.GetValue(_dryRun);
        var rules = dryRun
            ? await session.Manager.Firewall.PlanAsync(cancellationToken)
            : await session.Manager.Firewall.InstallAsync(cancellationToken);

        if (session.Json)
            session.WriteDocument([.. rules.Select(FirewallRuleDocument.From)], CliJson.Default.IReadOnlyListFirewallRuleDocument);
        else if (dryRun)
            session.WriteLines(rules.Select(rule => rule.ToString()));
        else
            session.Note($"{rules.Count} rules are there.");

        return ExitCodes.Success;
    }
}
