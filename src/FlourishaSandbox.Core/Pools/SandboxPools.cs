using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Pools;

/// <summary>
/// Pools of sandboxes that wait, warm, until somebody claims them: which there are to be, which there are, and who keeps them full. Safe to be
/// used from several threads and processes at once: each place of a pool is a name on the engine, which can be taken once.
/// </summary>
public sealed class SandboxPools
{
    private readonly ISandboxRuntime _runtime;
    private readonly SandboxSettings _settings;
    private readonly IPoolStore _store;
    private readonly IPoolPlanner _planner;
    private readonly TimeProvider _time;

    internal SandboxPools(ISandboxRuntime runtime, SandboxSettings settings, IPoolStore store, IPoolPlanner planner, TimeProvider time)
    {
        _runtime = runtime;
        _settings = settings;
        _store = store;
        _planner = planner;
        _time = time;
    }

    /// <summary>Writes down that a pool is wanted, and fills it. A pool that there was already becomes larger or smaller.</summary>
    /// <param name="definition">The pool.</param>
    /// <param name="observer">Hears how far it has come.</param>
    /// <param name="cancellationToken">Ends the filling; what waits by then goes on waiting.</param>
    /// <returns>The pool.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>, or what making a sandbox throws.</exception>
    public async Task<SandboxPool> SetAsync(PoolDefinition definition, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(observer);
        definition.Validate();

        // What cannot be made is not written down either.
        await _planner.EnsureAsync(definition.ToOptions(_settings.Defaults), observer, cancellationToken).ConfigureAwait(false);
        _store.Save(definition);
        await CreateKeeper(observer).KeepAsync(definition, cancellationToken).ConfigureAwait(false);
        return await DescribeAsync(definition, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The pools that are wanted, and those that are there though nobody wants them, by name.</summary>
    /// <param name="allOwners">Whether to look at other people's too; of those only what is there is known, not what is wanted.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The pools.</returns>
    public async Task<IReadOnlyList<SandboxPool>> ListAsync(bool allOwners, CancellationToken cancellationToken)
    {
        var members = await _runtime.Pool.ListAsync(cancellationToken).ConfigureAwait(false);
        var pools = new List<SandboxPool>();
        foreach (var definition in _store.Load())
            pools.Add(await DescribeAsync(definition, members, cancellationToken).ConfigureAwait(false));

        var others = members
            .Where(member => allOwners || member.Sandbox.Owner == _settings.Owner)
            .GroupBy(member => (member.Pool, member.Sandbox.Owner))
            .Where(group => group.Key.Owner != _settings.Owner || pools.TrueForAll(pool => pool.Name != group.Key.Pool));
        foreach (var group in others)
            pools.Add(DescribeUnwanted(group.Key.Pool, group.Key.Owner, [.. group]));

        return [.. pools.OrderBy(pool => pool.Name, StringComparer.Ordinal).ThenBy(pool => pool.Owner, StringComparer.Ordinal)];
    }

    /// <summary>Removes a pool: it is wanted no more, and those that wait in it go. One that is claimed just now is left to who claims it.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many were removed.</returns>
    public async Task<int> ClearAsync(SandboxPool pool, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(observer);
        if (pool.Owner == _settings.Owner)
            _store.Remove(pool.Name);

        return await CreateKeeper(observer).RemoveAsync(pool.Members, "the pool is cleared", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Keeps the pools full until it is cancelled: as soon as one is claimed or ends, another is made. Several may serve the same pools. What
    /// goes wrong is told as a warning, and tried again.
    /// </summary>
    /// <param name="observer">Hears of everything.</param>
    /// <param name="cancellationToken">Ends it; what is being made at that moment is removed, what waits goes on waiting.</param>
    /// <returns>A task that ends when it is cancelled.</returns>
    public Task ServeAsync(OperationObserver observer, CancellationToken cancellationToken) =>
        new PoolServer(_runtime, _store, CreateKeeper(observer), observer).RunAsync(cancellationToken);

    /// <summary>A sandbox from a pool; null where it has to be made anew.</summary>
    internal async Task<Sandbox?> TryClaimAsync(SandboxOptions options, SandboxSpecification wanted, OperationObserver observer, CancellationToken cancellationToken)
    {
        if (PoolShape.WhyNot(options, wanted) is { } why)
        {
            observer.Verbose($"Sandbox '{wanted.Name}' is made anew, because {why}.");
            return null;
        }

        return await _runtime.Pool.ClaimAsync(PoolShape.Of(wanted), wanted, observer, cancellationToken).ConfigureAwait(false);
    }

    private PoolKeeper CreateKeeper(OperationObserver observer) => new(_runtime, _settings, _planner, observer, _time);

    private async Task<SandboxPool> DescribeAsync(PoolDefinition definition, CancellationToken cancellationToken) =>
        await DescribeAsync(definition, await _runtime.Pool.ListAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    private async Task<SandboxPool> DescribeAsync(PoolDefinition definition, IReadOnlyList<PoolMember> all, CancellationToken cancellationToken)
    {
        // Without its image nothing that waits can be what is wanted now.
        var plan = await _planner.FindAsync(definition.ToOptions(_settings.Defaults), cancellationToken).ConfigureAwait(false);
        var key = plan is null ? null : await _runtime.Pool.GetKeyAsync(PoolShape.Of(plan), cancellationToken).ConfigureAwait(false);
        var now = _time.GetUtcNow();
        List<PoolMember> members = [.. all.Where(member => member.Pool == definition.Name && member.Sandbox.Owner == _settings.Owner)];
        return new SandboxPool
        {
            Name = definition.Name,
            Template = definition.Image is null ? definition.Template ?? SandboxOptions.DefaultTemplate : null,
            Image = definition.Image,
            Size = definition.Size,
            Ready = members.Count(member => member.Key == key && member.IsReady),
            Starting = members.Count(member => member.Key == key && !member.IsReady && !member.IsDead(now)),
            Outdated = members.Count(member => member.Key != key || member.IsDead(now)),
            Limits = definition.Limits,
            Isolation = definition.Isolation,
            Network = plan?.Network ?? definition.Network ?? default,
            Owner = _settings.Owner,
            Engine = _runtime.Description,
            Members = members,
        };
    }

    private SandboxPool DescribeUnwanted(string name, string owner, List<PoolMember> members)
    {
        var now = _time.GetUtcNow();
        var first = members[0].Sandbox;
        return new SandboxPool
        {
            Name = name,
            Template = first.Template,
            Image = first.Template is null ? first.Image : null,
            Ready = members.Count(member => member.IsReady),
            Starting = members.Count(member => !member.IsReady && !member.IsDead(now)),
            Outdated = members.Count(member => member.IsDead(now)),
            Limits = first.Limits,
            Isolation = first.Isolation,
            Network = first.Network,
            Owner = owner,
            Engine = _runtime.Description,
            Members = members,
        };
    }
}
