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
}
