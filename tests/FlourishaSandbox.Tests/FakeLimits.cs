using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

/// <summary>Limits of sandboxes in memory: what is asked for is written down, and what comes back has it.</summary>
internal sealed class FakeLimits(FakeRuntime runtime) : ISandboxLimits
{
    public Task EndAsync(Sandbox sandbox, TimeSpan? grace, CancellationToken cancellationToken) =>
        runtime.DoAsync($"{(grace is null ? "kill" : "stop")} {sandbox.Name}", observer: null, cancellationToken);

    public async Task<Sandbox> ChangeAsync(Sandbox sandbox, LimitChange change, CancellationToken cancellationToken)
    {
        await runtime.DoAsync(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"limit {sandbox.Name}: {change.Memory} {change.Cpus} {change.PidLimit}"), observer: null, cancellationToken);
        return new Sandbox
        {
            Id = sandbox.Id, Name = sandbox.Name, State = sandbox.State, Image = sandbox.Image, Owner = sandbox.Owner, CreatedAt = sandbox.CreatedAt, Engine = sandbox.Engine, Deadline = sandbox.Deadline,
            Limits = sandbox.Limits with { Memory = change.Memory ?? sandbox.Limits.Memory, Cpus = change.Cpus ?? sandbox.Limits.Cpus, PidLimit = change.PidLimit ?? sandbox.Limits.PidLimit },
        };
    }
}
