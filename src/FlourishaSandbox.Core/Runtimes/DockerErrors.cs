using FlourishaSandbox.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>Turns what the engine's client throws into failures that have a name.</summary>
internal static class DockerErrors
{
    /// <summary>Runs a call to the engine and gives its failures a name.</summary>
    public static async Task<T> TranslateAsync<T>(Func<Task<T>> call, object? target = null)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e) when (e is DockerException or DockerUnreachableException)
        {
            throw Translate(e, target);
        }
    }

    /// <summary>Runs a call to the engine and gives its failures a name.</summary>
    public static Task TranslateAsync(Func<Task> call, object? target = null) =>
        TranslateAsync(async () =>
        {
            await call().ConfigureAwait(false);
            return true;
        }, target);

    /// <summary>The failure for an exception of the client.</summary>
    public static SandboxException Translate(Exception exception, object? target) => exception switch
    {
        DockerException { IsNotFound: true } e when target is Sandbox sandbox && e.EngineMessage.Contains("No such container", StringComparison.OrdinalIgnoreCase) =>
            new SandboxException(SandboxError.SandboxNotFound, $"Sandbox '{sandbox}' ({sandbox.ShortId}) is gone from {sandbox.Engine}.", sandbox, "Make a new one.", e),
        DockerException e when target is Sandbox sandbox && e.EngineMessage.Contains("is paused", StringComparison.Ordinal) => NotRunning.Create(sandbox, SandboxState.Suspended, e),
        DockerException e when target is Sandbox sandbox && e.EngineMessage.Contains("is not running", StringComparison.Ordinal) => NotRunning.Create(sandbox, SandboxState.Stopped, e),
        DockerException e when target is Sandbox sandbox && e.IsConflict =>
            new SandboxException(SandboxError.SandboxNotRunning, $"Sandbox '{sandbox}' ({sandbox.ShortId}) cannot do that now: {e.EngineMessage}", sandbox, "Look at its state, or make a new one.", e),
        DockerException e when e.EngineMessage.Contains(StartFailureGuard.UnknownUser, StringComparison.Ordinal) => UnknownUser(e.EngineMessage, target),
        DockerException e => new SandboxException(SandboxError.EngineFailed, $"The Docker Engine refused: {e.EngineMessage}", target, innerException: e),
        DockerUnreachableException e => new SandboxException(SandboxError.EngineUnreachable, e.Message, target, e.Remedy, e),
        _ => throw new ArgumentException("Not an exception of the engine's client.", nameof(exception), exception),
    };

    /// <summary>The failure for a user whom the sandbox does not have, with the engine's words, which name the user.</summary>
    public static SandboxException UnknownUser(string engineMessage, object? target) =>
        new(SandboxError.InvalidOption, $"The sandbox does not have that user: {engineMessage}.", target, "Name a user of its image, or give a number, for example 1000:1000.");
}
