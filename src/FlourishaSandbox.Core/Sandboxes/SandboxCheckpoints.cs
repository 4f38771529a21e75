using System.Collections.Concurrent;
using System.Globalization;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Networks;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sessions;

namespace FlourishaSandbox.Sandboxes;

/// <summary>Sandboxes' files under a name, and copies of sandboxes. Every method throws <see cref="SandboxException"/> where it fails.</summary>
public sealed class SandboxCheckpoints
{
    private readonly ISandboxRuntime _runtime;
    private readonly SandboxSettings _settings;
    private readonly SessionRecords _sessions;
    private readonly SandboxNetworks _networks;
    private readonly TimeProvider _time;

    internal SandboxCheckpoints(ISandboxRuntime runtime, SandboxSettings settings, SessionRecords sessions, SandboxNetworks networks, TimeProvider time) =>
        (_runtime, _settings, _sessions, _networks, _time) = (runtime, settings, sessions, networks, time);

    /// <summary>
    /// Keeps a sandbox's files under a name. They are read while the sandbox is frozen, for as long as that takes. What is in volumes and in memory
    /// file systems is not among them, nor are the values of the variables that the sandbox was given: they may be secrets.
    /// </summary>
    /// <param name="sandbox">The sandbox, running or not.</param>
    /// <param name="name">The checkpoint's name: as a sandbox's.</param>
    /// <param name="replace">Whether one that has this name gives way.</param>
    /// <param name="observer">Hears of it, and of what is not in the checkpoint.</param>
    /// <param name="cancellationToken">Ends it; nothing is left then.</param>
    /// <returns>The checkpoint.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>; <see cref="SandboxError.NameInUse"/>.</exception>
    public async Task<SandboxCheckpoint> CreateAsync(Sandbox sandbox, string name, bool replace, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(observer);
        Validate(name);
        var before = await FindAsync(name, cancellationToken).ConfigureAwait(false);
        if (before is not null && !replace)
            throw new SandboxException(SandboxError.NameInUse, $"There is a checkpoint '{name}' already, of sandbox '{before.Source}'.", name, "Choose another name, replace it with -Force, or remove it with Remove-SandboxCheckpoint.");

        observer.Verbose($"Keeping the files of sandbox '{sandbox}' as checkpoint '{name}'.");
        _sessions.Note();
        var label = new CheckpointLabel(name, _settings.Owner, _time.GetUtcNow());
        var image = await _runtime.Lifecycle.CommitAsync(sandbox, label, observer, cancellationToken).ConfigureAwait(false);
        if (before is not null)
            await _runtime.Lifecycle.ReleaseAsync(before.Image.Id, cancellationToken).ConfigureAwait(false);

        return await FindAsync(name, cancellationToken).ConfigureAwait(false)
            ?? throw new SandboxException(SandboxError.EngineFailed, $"The engine made checkpoint '{name}' ({image}), but does not have it.", name, "Somebody may have removed it meanwhile: try again.");
    }

    /// <summary>The checkpoints, oldest first.</summary>
    /// <param name="allOwners">Whether to list other people's too.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The checkpoints.</returns>
    public async Task<IReadOnlyList<SandboxCheckpoint>> ListAsync(bool allOwners, CancellationToken cancellationToken)
    {
        var all = await _runtime.Lifecycle.ListCheckpointsAsync(cancellationToken).ConfigureAwait(false);
        return allOwners ? all : [.. all.Where(checkpoint => checkpoint.Owner == _settings.Owner)];
    }

    /// <summary>The checkpoint of this name, whoever made it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    /// <returns>The checkpoint.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.CheckpointNotFound"/>.</exception>
    public async Task<SandboxCheckpoint> GetAsync(string name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken).ConfigureAwait(false)
            ?? throw new SandboxException(SandboxError.CheckpointNotFound, $"There is no checkpoint '{name}'.", name, "List them with Get-SandboxCheckpoint -All or 'docker-sandbox checkpoints list --all'.");

    /// <summary>Removes a checkpoint. Sandboxes that were made from it go on; its files go with the last of them.</summary>
    /// <param name="checkpoint">The checkpoint; one that is gone already is no error.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when it is gone.</returns>
    public Task RemoveAsync(SandboxCheckpoint checkpoint, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(observer);
        observer.Verbose($"Removing checkpoint '{checkpoint}'.");
        return _runtime.Lifecycle.RemoveCheckpointAsync(checkpoint, cancellationToken);
    }

    /// <summary>
    /// Makes copies of a sandbox: other sandboxes with its files as they are now, and with all that it was made with. Nothing that runs in it is
    /// copied, and nothing that it has in memory or in memory file systems; volumes are shared, as they always are. When the call is cancelled no
    /// copy is left.
    /// </summary>
    /// <param name="source">The sandbox, running or not.</param>
    /// <param name="names">The copies' names; see <see cref="NameCopiesAsync"/>.</param>
    /// <param name="timeout">How long they live; null for as long as the source was given at first.</param>
    /// <param name="parallel">How many are made at once.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the making.</param>
    /// <returns>A copy, or the reason why there is none, for each name and in their order.</returns>
    /// <exception cref="SandboxException">The source cannot be read.</exception>
    public async Task<IReadOnlyList<SandboxCopy>> CopyAsync(Sandbox source, IReadOnlyList<string> names, TimeSpan? timeout, int parallel, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(observer);
        if (timeout is { } given)
            SandboxOptions.ValidateTimeout(given);

        foreach (var name in names)
            SandboxName.Validate(name);

        observer.Verbose($"Copying sandbox '{source}' {names.Count} times.");
        _sessions.Note();
        var specification = await _runtime.Lifecycle.SpecifyAsync(source, cancellationToken).ConfigureAwait(false);
        if (specification.Routing == HostRouting.Traefik)
        {
            // An image keeps a container's labels for good, and two containers with the same ones would share the name.
            observer.Warning($"The copies of sandbox '{source}' are reached by ports: what Traefik reads on it names it alone, and goes with its image.");
            specification = specification with { Routing = HostRouting.Port };
        }

        specification = specification with { Egress = await _networks.PlanEgressAsync(new SandboxOptions { AllowHosts = specification.AllowHosts, DenyHosts = specification.DenyHosts }, observer, cancellationToken).ConfigureAwait(false) };
        var image = await _runtime.Lifecycle.CommitAsync(source, checkpoint: null, observer, cancellationToken).ConfigureAwait(false);
        var copies = new ConcurrentDictionary<int, SandboxCopy>();
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(names.Select((name, index) => (name, index)), options, async (one, token) =>
            {
                try
                {
                    var wanted = specification with
                    {
                        Name = one.name,
                        Image = image,
                        Owner = _settings.Owner,
                        Maker = SessionRecords.Maker,
                        CreatedAt = _time.GetUtcNow(),
                        Timeout = timeout is null ? specification.Timeout : timeout == Timeout.InfiniteTimeSpan ? null : timeout,
                    };
                    copies[one.index] = new SandboxCopy(one.name, await _runtime.CreateAsync(wanted, observer, token).ConfigureAwait(false), Failure: null);
                }
                catch (SandboxException e)
                {
                    copies[one.index] = new SandboxCopy(one.name, Sandbox: null, e);
                }
            }).ConfigureAwait(false);

            // Without a copy nobody would take it away.
            await _runtime.Lifecycle.ReleaseAsync(image, cancellationToken).ConfigureAwait(false);
            return [.. copies.OrderBy(copy => copy.Key).Select(copy => copy.Value)];
        }
        catch
        {
            await UndoAsync(image, copies.Values, observer).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Names for copies that nobody has yet: SOURCE-copy-1, SOURCE-copy-2 and so on; or one name, or NAME-1, NAME-2.</summary>
    /// <param name="source">The sandbox.</param>
    /// <param name="name">The name, where one is given.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="cancellationToken">Ends the look at what there is.</param>
    /// <returns>As many names.</returns>
    public async Task<IReadOnlyList<string>> NameCopiesAsync(Sandbox source, string? name, int count, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (name is not null)
            return count == 1 ? [name] : [.. Enumerable.Range(1, count).Select(number => Number(name, number))];

        var taken = (await _runtime.ListAsync(cancellationToken).ConfigureAwait(false)).Select(sandbox => sandbox.Name).ToHashSet(StringComparer.Ordinal);
        return [.. Enumerable.Range(1, count + taken.Count).Select(number => Number($"{source.Name}-copy", number)).Where(free => !taken.Contains(free)).Take(count)];
    }

    private static string Number(string name, int number) => string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");

    private static void Validate(string name)
    {
        try
        {
            SandboxName.Validate(name);
        }
        catch (SandboxException e)
        {
            throw new SandboxException(SandboxError.InvalidOption, $"Name '{name}' is no name for a checkpoint.", name, e.Remedy, e);
        }
    }

    private async Task<SandboxCheckpoint?> FindAsync(string name, CancellationToken cancellationToken) =>
        (await _runtime.Lifecycle.ListCheckpointsAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(checkpoint => checkpoint.Name == name);

    // Without hiding why.
    private async Task UndoAsync(string image, IEnumerable<SandboxCopy> copies, OperationObserver observer)
    {
        try
        {
            foreach (var copy in copies)
            {
                if (copy.Sandbox is { } sandbox)
                    await _runtime.RemoveAsync(sandbox, CancellationToken.None).ConfigureAwait(false);
            }

            await _runtime.Lifecycle.ReleaseAsync(image, CancellationToken.None).ConfigureAwait(false);
        }
        catch (SandboxException e)
        {
            observer.Warning($"Copies that nobody waits for any more could not be removed: {e.Message} Clear-StaleSandbox or 'docker-sandbox cleanup' removes them later.");
        }
    }
}
