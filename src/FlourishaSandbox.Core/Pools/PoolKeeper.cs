using System.Globalization;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Pools;

/// <summary>
/// Makes a pool what it is to be: removes what is dead or outdated, or too many; makes what is missing. A place of a pool is a name on the
/// engine, made of what its sandboxes can become and a number: however many keepers there are, no place is filled twice.
/// </summary>
/// <param name="runtime">What carries the sandboxes.</param>
/// <param name="settings">Whose the pools are, and what holds where they say nothing.</param>
/// <param name="planner">Says what they are made from.</param>
/// <param name="observer">Hears of everything.</param>
/// <param name="time">The clock for ages.</param>
internal sealed class PoolKeeper(ISandboxRuntime runtime, SandboxSettings settings, IPoolPlanner planner, OperationObserver observer, TimeProvider time)
{
    private const string PlacePrefix = "flourisha-pool-";

    // Making is the engine's work; more at once than this makes none of them faster.
    private const int MostAtOnce = 4;

    private readonly Dictionary<string, long> _renewed = new(StringComparer.Ordinal);

    /// <summary>Makes a pool what it is to be.</summary>
    /// <param name="definition">What it is to be.</param>
    /// <param name="cancellationToken">Ends it; what is being made at that moment is removed.</param>
    /// <exception cref="SandboxException">One could not be made; others may have been.</exception>
    public async Task KeepAsync(PoolDefinition definition, CancellationToken cancellationToken)
    {
        var plan = await planner.EnsureAsync(definition.ToOptions(settings.Defaults), observer, cancellationToken).ConfigureAwait(false);
        var shape = PoolShape.Of(plan);
        var key = await runtime.Pool.GetKeyAsync(shape, cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var members = (await runtime.Pool.ListAsync(cancellationToken).ConfigureAwait(false)).Where(member => member.Pool == definition.Name && member.Sandbox.Owner == settings.Owner).ToLookup(WhatIsWrong);
        foreach (var group in members.Where(group => group.Key is not null))
            await RemoveAsync(group, group.Key!, cancellationToken).ConfigureAwait(false);

        var taken = members[null].Select(member => member.Sandbox.Name).ToHashSet(StringComparer.Ordinal);
        List<string> missing = [.. Enumerable.Range(1, definition.Size).Select(number => PlaceName(key, number)).Where(place => !taken.Contains(place))];
        if (missing.Count > 0)
            await FillAsync(definition, shape with { Pool = definition.Name, PoolKey = key }, missing, cancellationToken).ConfigureAwait(false);

        string? WhatIsWrong(PoolMember member) =>
            member.IsDead(now) ? "it has ended"
            : member.Key != key ? "what it is made from has changed"
            : NumberOf(member) > definition.Size ? "the pool is to be smaller"
            : null;
    }

    /// <summary>Lets all of one's own go on waiting, and removes those that do not answer; forgets whose what is gone was.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        await runtime.Pool.ForgetClaimsAsync(cancellationToken).ConfigureAwait(false);
        foreach (var member in await runtime.Pool.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            var isRecent = _renewed.TryGetValue(member.Sandbox.Id, out var last) && time.GetElapsedTime(last) < PoolMember.Lifetime / 4;
            if (!member.IsReady || member.Sandbox.Owner != settings.Owner || isRecent)
                continue;

            if (await runtime.Pool.TryRenewAsync(member, PoolMember.Lifetime, cancellationToken).ConfigureAwait(false))
                _renewed[member.Sandbox.Id] = time.GetTimestamp();
            else
                await RemoveAsync([member], "it does not answer", cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Removes some that wait, or ended while they did.</summary>
    /// <param name="members">Which.</param>
    /// <param name="why">Why, for who listens.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many were removed: those that were claimed meanwhile are not.</returns>
    public async Task<int> RemoveAsync(IEnumerable<PoolMember> members, string why, CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var member in members)
        {
            observer.Verbose($"Removing '{member.Sandbox}' from pool '{member.Pool}': {why}.");
            _renewed.Remove(member.Sandbox.Id);
            if (await runtime.Pool.TryRemoveAsync(member, cancellationToken).ConfigureAwait(false))
                removed++;
        }

        return removed;
    }

    private async Task FillAsync(PoolDefinition definition, SandboxSpecification specification, List<string> places, CancellationToken cancellationToken)
    {
        var activity = $"Filling pool '{definition.Name}'";
        var done = definition.Size - places.Count;
        observer.Report(new OperationProgress(activity, $"{done} of {definition.Size} wait") { Done = done, Total = definition.Size });
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(places, parallel, async (place, token) =>
            {
                if (!await runtime.Pool.TryMakeAsync(specification with { Name = place, CreatedAt = time.GetUtcNow() }, observer, token).ConfigureAwait(false))
                    observer.Verbose($"The place '{place}' is taken by somebody else already.");

                var count = Interlocked.Increment(ref done);
                observer.Report(new OperationProgress(activity, $"{count} of {definition.Size} wait") { Done = count, Total = definition.Size });
            }).ConfigureAwait(false);
        }
        finally
        {
            observer.Report(new OperationProgress(activity, "") { Completed = true });
        }
    }

    private static string PlaceName(string key, int number) => string.Create(CultureInfo.InvariantCulture, $"{PlacePrefix}{key}-{number}");

    private static int NumberOf(PoolMember member) =>
        int.TryParse(member.Sandbox.Name[(member.Sandbox.Name.LastIndexOf('-') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
}
