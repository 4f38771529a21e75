using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Pools;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Removes pools.</summary>
internal sealed class PoolClearVerb : Verb
{
    private readonly Argument<string[]> _names = new("pool") { Description = "The names of pools, as 'pool list' has them; all where none is given.", HelpName = "POOL", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> _all = CommonOptions.Flag("--all", "Other people's too.");

    /// <summary>Creates the verb.</summary>
    public PoolClearVerb()
        : base("clear", "Removes pools with all sandboxes that wait in them. Those that were claimed stay.", "docker-sandbox pool clear", "docker-sandbox pool clear minimal")
    {
        Add(_names);
        Add(_all);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var names = session.Parse.GetValue(_names) ?? [];
        var pools = await session.Manager.Pools.ListAsync(session.Parse.GetValue(_all), cancellationToken);
        if (names.FirstOrDefault(name => pools.All(pool => pool.Name != name)) is { } unknown)
            throw PoolNames.NotFound(unknown, pools);

        var cleared = new List<SandboxPool>();
        var count = 0;
        foreach (var pool in pools.Where(pool => names.Length == 0 || names.Contains(pool.Name)))
        {
            count += await session.Manager.Pools.ClearAsync(pool, session.Observer, cancellationToken);
            cleared.Add(pool);
        }

        if (session.Json)
            session.WriteDocument([.. cleared.Select(PoolDocument.From)], CliJson.Default.IReadOnlyListPoolDocument);
        else
            session.Note(cleared.Count == 0 ? "There is no pool." : $"{Counts.Sandboxes(count)} removed.");

        return ExitCodes.Success;
    }
}
