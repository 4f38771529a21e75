using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Scheduling;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Has this machine keep pools full.</summary>
internal sealed class PoolRegisterVerb : Verb
{
    private readonly Option<bool> _dryRun = CommonOptions.Flag("--dry-run", "Only say what would be written down, and where.");

    /// <summary>Creates the verb.</summary>
    public PoolRegisterVerb()
        : base(
            "register",
            "Has systemd run 'pool serve', with the settings that hold now: as a service of the machine's for root, else of the user's.",
            "docker-sandbox pool register",
            "docker-sandbox pool register --dry-run")
        => Add(_dryRun);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var services = PoolServices.ForThisMachine();
        var plan = services.Plan(Environment.ProcessPath ?? "docker-sandbox");
        var dryRun = session.Parse.GetValue(_dryRun);
        if (!dryRun)
        {
            await services.RegisterAsync(plan, cancellationToken);
            if (plan.StartCommand is { } start)
                session.Note($"Systemd does not run here, so that nothing serves the pools yet. Where it does, run '{start}'.");
        }

        if (session.Json)
            session.WriteDocument(plan, CliJson.Default.PoolService);
        else
            session.WriteLine(dryRun ? $"# {plan.Location}\n{plan.Text.TrimEnd('\n')}" : plan.Location);

        return ExitCodes.Success;
    }
}
