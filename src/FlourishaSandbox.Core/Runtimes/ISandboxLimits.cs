using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>Limits as a runtime sets them. Failures are those of <see cref="ISandboxRuntime"/>.</summary>
public interface ISandboxLimits
{
    /// <summary>Changes a sandbox's limits, running or not.</summary>
    /// <returns>The sandbox as it is now.</returns>
    /// <exception cref="SandboxException">Also <see cref="SandboxError.InvalidOption"/>: less memory than is in use.</exception>
    Task<Sandbox> ChangeAsync(Sandbox sandbox, LimitChange change, CancellationToken cancellationToken);

    /// <summary>Ends all that runs in a sandbox; its files stay. One that has ended already is no error.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="grace">How long it has between being asked and being killed; null to kill it at once.</param>
    /// <param name="cancellationToken">Ends the wait, not the end.</param>
    Task EndAsync(Sandbox sandbox, TimeSpan? grace, CancellationToken cancellationToken);
}
