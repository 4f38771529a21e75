using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

/// <summary>What sandboxes left, in memory.</summary>
internal sealed class FakeRemains(FakeRuntime runtime) : ISandboxRemains
{
    public List<Remnant> Remnants { get; } = [];

    /// <summary>What a sandbox turns out to be when it is looked at just before it is removed.</summary>
    public Func<Sandbox, Sandbox?>? Confirming { get; set; }

    public Task<IReadOnlyList<Remnant>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Remnant>>([.. Remnants]);

    public Task<Sandbox?> ConfirmAsync(Sandbox sandbox, CancellationToken cancellationToken) =>
        Task.FromResult(Confirming is null ? runtime.Sandboxes.FirstOrDefault(each => each.Id == sandbox.Id) : Confirming(sandbox));

    public Task RemoveHalfMadeAsync(Sandbox sandbox, CancellationToken cancellationToken) => runtime.RemoveAsync(sandbox, cancellationToken);

    public async Task<bool> RemoveAsync(Remnant remnant, CancellationToken cancellationToken)
    {
        await runtime.DoAsync($"remove {remnant.Kind} {remnant.Name}", observer: null, cancellationToken);
        return Remnants.Remove(remnant);
    }
}
