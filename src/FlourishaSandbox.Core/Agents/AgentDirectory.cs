using System.Collections.Concurrent;
using System.Diagnostics;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Http;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Agents;

/// <summary>Keeps the ways to the agents of one engine's sandboxes.</summary>
/// <param name="engine">The engine.</param>
/// <param name="key">From which tokens follow.</param>
internal sealed class AgentDirectory(DockerClient engine, AgentKey key) : IDisposable
{
    // Whoever makes thousands of sandboxes one after the other does not want a way to each.
    private const int MostKept = 256;

    // It listens some 15 ms after its start, and is asked again as often as costs nothing.
    private static readonly TimeSpan ReadyPoll = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LateReadyPoll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ReadyDoubt = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, AgentClient> _clients = new(StringComparer.Ordinal);

    /// <summary>The token's hash for a sandbox to be made.</summary>
    public string HashFor(string creation) => AgentKey.HashOf(key.TokenFor(creation));

    /// <summary>The agent of a sandbox; null where it has none, or does not run.</summary>
    public AgentClient? Find(Sandbox sandbox)
    {
        if (sandbox is not { State: SandboxState.Running, Agent: { } address })
            return null;

        if (_clients.TryGetValue(sandbox.Id, out var known) && known.Connection.Address == address)
            return known;

        if (_clients.Count >= MostKept && _clients.Keys.FirstOrDefault() is { } any)
            Forget(any);

        var made = new AgentClient(new AgentConnection(engine, key, sandbox.Id, address));
        return _clients.AddOrUpdate(sandbox.Id, made, (_, other) => other.Connection.Address == address ? other : made);
    }

    /// <summary>The agent of a sandbox.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.AgentUnavailable"/>; <see cref="SandboxError.SandboxNotRunning"/>.</exception>
    public AgentClient Get(Sandbox sandbox)
    {
        if (Find(sandbox) is { } client)
            return client;

        throw sandbox.State == SandboxState.Running
            ? new SandboxException(SandboxError.AgentUnavailable, $"Sandbox '{sandbox}' has no agent, so commands and files go through the Docker Engine, which cannot do this.", sandbox, "Make a sandbox from an image for linux/amd64 or linux/arm64.")
            : NotRunning.Create(sandbox, sandbox.State);
    }

    /// <summary>
    /// Waits until a new sandbox's agent answers, and proves the token to it, which until then knows its hash only. A sandbox without an
    /// agent is ready as it is.
    /// </summary>
    /// <returns>False where the sandbox ended instead.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.AgentUnavailable"/>: it did not answer within 15 s, or not to us.</exception>
    public async Task<bool> AwaitReadyAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        if (Find(sandbox) is not { } agent)
            return true;

        agent.Connection.IsNew = true;
        try
        {
            return await AwaitReadyAsync(sandbox, agent, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            agent.Connection.IsNew = false;
        }
    }

    private async Task<bool> AwaitReadyAsync(Sandbox sandbox, AgentClient agent, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        agent.Connection.IsNew = true;
        while (true)
        {
            try
            {
                await agent.PostAsync(EnvdRoutes.Init, new InitRequest(), EnvdJson.Default.InitRequest, cancellationToken).ConfigureAwait(false);
                agent.Connection.IsNew = false;
                return true;
            }
            catch (AgentLostException e)
            {
                var passed = Stopwatch.GetElapsedTime(started);
                if (passed > ReadyDoubt && await StateAsync(sandbox).ConfigureAwait(false) is not { Running: true })
                    return false;

                if (passed > ReadyLimit)
                    throw new SandboxException(SandboxError.AgentUnavailable, $"The agent of sandbox '{sandbox}' did not answer within {ReadyLimit.TotalSeconds:0} s: {e.Message}", sandbox, "Look at 'docker logs'; set FLOURISHA_AGENT to an empty folder to go without agents.", e);

                await Task.Delay(passed < ReadyDoubt ? ReadyPoll : LateReadyPoll, cancellationToken).ConfigureAwait(false);
            }
            catch (ConnectException e)
            {
                throw await NameAsync(sandbox, e).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Forgets the way to a sandbox that is gone. Whoever still uses it is not disturbed; idle connections close by themselves.</summary>
    public void Forget(string id) => _clients.TryRemove(id, out _);

    /// <summary>Asks a sandbox's agent, and gives its failures a name.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="call">What to ask.</param>
    /// <param name="refused">Names a refusal; null to leave it to what all calls have in common.</param>
    public async Task<T> AskAsync<T>(Sandbox sandbox, Func<AgentClient, Task<T>> call, Func<ConnectException, SandboxException?>? refused = null)
    {
        try
        {
            return await call(Get(sandbox)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ConnectException or AgentLostException)
        {
            throw await NameAsync(sandbox, e, refused).ConfigureAwait(false);
        }
    }

    /// <summary>The failure for an exception of an agent's client.</summary>
    public async Task<SandboxException> NameAsync(Sandbox sandbox, Exception exception, Func<ConnectException, SandboxException?>? refused = null)
    {
        if (exception is ConnectException refusal)
        {
            if (refusal is { Code: ConnectCode.Unavailable, Message: EnvdProtocol.SuspendedMessage })
                return NotRunning.Create(sandbox, SandboxState.Suspended, exception);

            if (refusal.Code == ConnectCode.Unavailable)
                return new SandboxException(SandboxError.SandboxNotRunning, $"Sandbox '{sandbox}' cannot do that any more: {refusal.Message}.", sandbox, "Start it again with Start-Sandbox or 'docker-sandbox start'; give it a longer -Timeout where it ended too early.", exception);

            if (refusal.Code == ConnectCode.ResourceExhausted && refusal.Message.EndsWith(EnvdProtocol.DiskLimitMessage, StringComparison.Ordinal))
                return new SandboxException(SandboxError.LimitExceeded, $"The disk limit of sandbox '{sandbox}' is reached: {refusal.Message[..^EnvdProtocol.DiskLimitMessage.Length].TrimEnd(' ', ':')} was not written.", sandbox, "Remove something from it, or make a sandbox with a larger -Disk.", exception);

            return refused?.Invoke(refusal) ?? (refusal.Code == ConnectCode.Unauthenticated
                ? new SandboxException(SandboxError.AgentUnavailable, $"The agent of sandbox '{sandbox}' does not take this user's token: {refusal.Message}", sandbox, "Whoever made the sandbox can use it; everybody with access to the engine can remove it.", exception)
                : new SandboxException(SandboxError.EngineFailed, $"The agent of sandbox '{sandbox}' refused: {refusal.Message}", sandbox, innerException: exception));
        }

        // A sandbox that has ended is the most likely reason, and the only one that says more than "lost".
        var state = await StateAsync(sandbox).ConfigureAwait(false);
        return state switch
        {
            { Running: true, Paused: false } => new SandboxException(SandboxError.AgentUnavailable, $"The agent of sandbox '{sandbox}' cannot be reached: {exception.Message}", sandbox, "Try again; remove the sandbox where it stays like this.", exception),
            null => new SandboxException(SandboxError.SandboxNotFound, $"Sandbox '{sandbox}' ({sandbox.ShortId}) is gone from {sandbox.Engine}.", sandbox, "Make a new one.", exception),
            { Running: true } => NotRunning.Create(sandbox, SandboxState.Suspended, exception),
            _ => new SandboxException(SandboxError.SandboxNotRunning, $"Sandbox '{sandbox}' has ended{(state.ExitCode == AgentExit.Deadline ? ": its deadline passed" : "")}.", sandbox, "Its files are there: start it again with Start-Sandbox or 'docker-sandbox start', with a longer -Timeout where it ended too early.", exception),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values)
            client.Dispose();

        _clients.Clear();
    }

    private async Task<ContainerState?> StateAsync(Sandbox sandbox)
    {
        // Ending takes a moment, and the agent goes first.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            ContainerState state;
            var attempt = 0;
            do
            {
                if (attempt > 0)
                    await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token).ConfigureAwait(false);

                state = (await engine.Containers.InspectAsync(sandbox.Id, limit.Token).ConfigureAwait(false)).State;
            }
            while (state is { Running: true, Paused: false } && ++attempt < 6);
            return state;
        }
        catch (DockerException e) when (e.IsNotFound)
        {
            return null;
        }
        catch (DockerUnreachableException e)
        {
            throw new SandboxException(SandboxError.EngineUnreachable, e.Message, sandbox, e.Remedy, e);
        }
        catch (Exception e) when (e is DockerException or OperationCanceledException)
        {
            throw new SandboxException(SandboxError.EngineFailed, $"The Docker Engine did not say what became of sandbox '{sandbox}': {e.Message}", sandbox, innerException: e);
        }
    }
}
