namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Keeps pools full.</summary>
internal sealed class PoolServeVerb() : Verb(
    "serve",
    "Keeps the pools full until it is told to end, by Ctrl+C or SIGTERM. What waits by then goes on waiting, for an hour at most.",
    "docker-sandbox pool serve",
    "docker-sandbox pool serve --verbose")
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var pools = await session.Manager.Pools.ListAsync(allOwners: false, cancellationToken);
        session.Note(pools.Count == 0 ? "There is no pool yet; 'docker-sandbox pool set' makes one, and it is served from then on." : $"Serving {string.Join(", ", pools)}.");

        // To be told to end is how this ends.
        await session.Manager.Pools.ServeAsync(session.Observer, cancellationToken);
        return ExitCodes.Success;
    }
}
