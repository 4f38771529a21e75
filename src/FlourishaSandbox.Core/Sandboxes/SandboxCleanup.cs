using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sessions;

namespace FlourishaSandbox.Sandboxes;

/// <summary>
/// Finds what nobody will miss, and removes it. Safe to be used from many machines at once: what a sandbox's fate depends on is asked anew just
/// before it is removed, and what somebody else has removed already is gone as wanted.
/// </summary>
public sealed class SandboxCleanup
{
    // An engine keeps what is being made for others; a week without a sandbox says that nobody uses that version.
    private static readonly TimeSpan AgentAge = TimeSpan.FromDays(7);

    // What a process asked for just before it was killed may still come to be.
    private static readonly TimeSpan RecordGrace = TimeSpan.FromMinutes(1);

    private readonly ISandboxRuntime _runtime;
    private readonly SandboxSettings _settings;
    private readonly SessionRecords _sessions;
    private readonly TimeProvider _time;

    internal SandboxCleanup(ISandboxRuntime runtime, SandboxSettings settings, SessionRecords sessions, TimeProvider time) =>
        (_runtime, _settings, _sessions, _time) = (runtime, settings, sessions, time);

    /// <summary>What should go, and why: sandboxes first, oldest first.</summary>
    /// <param name="olderThan">Where given, every sandbox of this age or more, whatever its deadline.</param>
    /// <param name="allOwners">Whether to look at other people's sandboxes too.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The stale things. What belongs to a sandbox that is stale is not among them: it goes with it, or is found the next time.</returns>
    public async Task<IReadOnlyList<StaleItem>> FindAsync(TimeSpan? olderThan, bool allOwners, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var records = _sessions.List();
        var killed = KilledSessions(records);

        // Remains first: what becomes a sandbox meanwhile is then seen as one, and not the other way round.
        var remnants = await _runtime.Remains.ListAsync(cancellationToken).ConfigureAwait(false);
        var sandboxes = await _runtime.ListAsync(cancellationToken).ConfigureAwait(false);
        var found = Judge(sandboxes, now, olderThan, allOwners, killed);
        found.AddRange(from remnant in remnants
                       where allOwners || remnant.Owner is null || remnant.Owner == _settings.Owner
                       let reason = ReasonFor(remnant, now)
                       where reason is not null
                       select new StaleItem { Kind = remnant.Kind, Name = remnant.Name, Id = remnant.Id, Reason = reason, Remnant = remnant });
        found.AddRange(from record in records
                       where record.Process.HasEnded() == true && now - record.Touched >= RecordGrace
                       where !sandboxes.Any(sandbox => sandbox.Maker?.Session == record.Session)
                       select new StaleItem { Kind = StaleKind.Session, Name = record.Session, Id = record.Session, Reason = "the process was killed, and nothing is left that it made", Record = record });
        return found;
    }

    /// <summary>The sandboxes that should go, and why, oldest first; nothing else.</summary>
    /// <param name="olderThan">Where given, every sandbox of this age or more, whatever its deadline.</param>
    /// <param name="allOwners">Whether to look at other people's too.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The stale ones.</returns>
    public async Task<IReadOnlyList<StaleItem>> FindSandboxesAsync(TimeSpan? olderThan, bool allOwners, CancellationToken cancellationToken) =>
        Judge(await _runtime.ListAsync(cancellationToken).ConfigureAwait(false), _time.GetUtcNow(), olderThan, allOwners, KilledSessions(_sessions.List()));

    /// <summary>Whether a sandbox's maker was killed, as far as that can be told from here.</summary>
    internal Func<Sandbox, bool> AbandonedNow()
    {
        var killed = KilledSessions(_sessions.List());
        return sandbox => IsAbandoned(sandbox, killed);
    }

    /// <summary>Removes what is stale, if it still is.</summary>
    /// <param name="item">What was found.</param>
    /// <param name="olderThan">As it was found.</param>
    /// <param name="force">Whether what may be in use is removed too.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the wait; the engine goes on with what it began.</param>
    /// <returns>The same with what became of it: it stays where it is in use, or not stale any more.</returns>
    public async Task<StaleItem> RemoveAsync(StaleItem item, TimeSpan? olderThan, bool force, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(observer);
        if (item.Record is { } record)
        {
            SessionRecords.Remove(record);
            return item with { Removed = true };
        }

        if (item.Remnant is { } remnant)
        {
            observer.Verbose($"Removing {item}: {item.Reason}.");
            return await _runtime.Remains.RemoveAsync(remnant, cancellationToken).ConfigureAwait(false) ? item with { Removed = true } : item with { Reason = $"{item.Reason}, but it is in use just now", IsInUse = true };
        }

        return await RemoveSandboxAsync(item, olderThan, force, observer, cancellationToken).ConfigureAwait(false);
    }

    private async Task<StaleItem> RemoveSandboxAsync(StaleItem item, TimeSpan? olderThan, bool force, OperationObserver observer, CancellationToken cancellationToken)
    {
        if (await _runtime.Remains.ConfirmAsync(item.Sandbox!, cancellationToken).ConfigureAwait(false) is not { } sandbox)
            return item with { Removed = true };

        var verdict = Staleness.Judge(sandbox, _time.GetUtcNow(), olderThan, AbandonedNow()(sandbox));
        if (verdict is not var (reason, isInUse))
            return item with { Reason = "somebody has prolonged its life meanwhile", IsInUse = true, Sandbox = sandbox };

        if (isInUse && !force)
            return item with { Reason = reason, IsInUse = true, Sandbox = sandbox };

        observer.Verbose($"Removing sandbox '{sandbox}' ({sandbox.ShortId}): {reason}.");
        if (sandbox.State == SandboxState.Created)
            await _runtime.Remains.RemoveHalfMadeAsync(sandbox, cancellationToken).ConfigureAwait(false);
        else
            await _runtime.RemoveAsync(sandbox, cancellationToken).ConfigureAwait(false);

        return item with { Reason = reason, Removed = true };
    }

    private List<StaleItem> Judge(IReadOnlyList<Sandbox> sandboxes, DateTimeOffset now, TimeSpan? olderThan, bool allOwners, HashSet<string> killed)
    {
        var found = new List<StaleItem>();
        foreach (var sandbox in sandboxes.Where(sandbox => allOwners || sandbox.Owner == _settings.Owner))
        {
            if (Staleness.Judge(sandbox, now, olderThan, IsAbandoned(sandbox, killed)) is var (reason, isInUse))
                found.Add(new StaleItem { Kind = StaleKind.Sandbox, Name = sandbox.Name, Id = sandbox.Id, Reason = reason, IsInUse = isInUse, Sandbox = sandbox });
        }

        return found;
    }

    private static string? ReasonFor(Remnant remnant, DateTimeOffset now)
    {
        var age = now - remnant.CreatedAt;
        if (remnant.IsUsed)
            return null;

        if (remnant.Kind == StaleKind.Agent)
            return age >= AgentAge ? $"it is {Duration.Describe(age)} old, of another version, and no sandbox uses it" : null;

        var isMakerGone = remnant.Maker is { } maker && ProcessIdentity.Parse(maker.Process)?.HasEnded() == true;
        if (!isMakerGone && age < Staleness.StartGrace)
            return null;

        return remnant.Kind switch
        {
            StaleKind.PoolMember => "it died while it waited in its pool",
            StaleKind.Image => "no sandbox uses it",
            _ => "its sandbox is gone",
        };
    }

    private static HashSet<string> KilledSessions(IReadOnlyList<SessionRecord> records) =>
        records.Where(record => record.Process.HasEnded() == true).Select(record => record.Session).ToHashSet(StringComparer.Ordinal);

    private static bool IsAbandoned(Sandbox sandbox, HashSet<string> killed) => sandbox.Maker is { } maker && killed.Contains(maker.Session);
}
