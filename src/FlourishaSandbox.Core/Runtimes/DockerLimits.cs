using FlourishaSandbox.Docker;
using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>Limits of containers.</summary>
/// <param name="client">The engine.</param>
/// <param name="sandboxes">The engine's sandboxes.</param>
/// <param name="complete">Asks a sandbox's agent for what labels cannot tell.</param>
internal sealed class DockerLimits(DockerClient client, DockerSandboxes sandboxes, Func<Sandbox, CancellationToken, Task<Sandbox>> complete) : ISandboxLimits
{
    /// <inheritdoc/>
    public Task<Sandbox> ChangeAsync(Sandbox sandbox, LimitChange change, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(async () =>
        {
            try
            {
                await client.Containers.UpdateAsync(sandbox.Id, SandboxMapping.ToUpdate(sandbox, change), cancellationToken).ConfigureAwait(false);
            }
            catch (DockerException e) when (change.Memory is { } memory && e.EngineMessage.Contains("device or resource busy", StringComparison.Ordinal))
            {
                // It grew after it was measured. The engine has put the old limits back.
                throw SandboxLimits.BelowUse(sandbox, memory, "more");
            }

            var changed = await sandboxes.FindAsync(sandbox.Id, cancellationToken).ConfigureAwait(false)
                ?? throw new SandboxException(SandboxError.SandboxNotFound, $"Sandbox '{sandbox}' ({sandbox.ShortId}) is gone from {sandbox.Engine}.", sandbox, "Make a new one.");
            return await complete(changed, cancellationToken).ConfigureAwait(false);
        }, sandbox);

    /// <inheritdoc/>
    public Task EndAsync(Sandbox sandbox, TimeSpan? grace, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(async () =>
        {
            try
            {
                if (grace is null)
                    await client.Containers.KillAsync(sandbox.Id, "SIGKILL", cancellationToken).ConfigureAwait(false);
                else
                    await client.Containers.StopAsync(sandbox.Id, grace, cancellationToken).ConfigureAwait(false);
            }
            catch (DockerException e) when (e.IsConflict || e.IsNotFound)
            {
                return; // it has ended, as wanted
            }
        }, sandbox);
}
