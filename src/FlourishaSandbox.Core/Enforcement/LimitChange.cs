using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Enforcement;

/// <summary>Limits that a sandbox is to have from now on; null leaves one as it is.</summary>
public sealed record LimitChange
{
    /// <summary>Memory in bytes, swap included; see <see cref="ResourceLimits.Memory"/>.</summary>
    public long? Memory { get; init; }

    /// <summary>CPU time per second, in cores; see <see cref="ResourceLimits.Cpus"/>.</summary>
    public double? Cpus { get; init; }

    /// <summary>Processes and threads at once; see <see cref="ResourceLimits.PidLimit"/>.</summary>
    public int? PidLimit { get; init; }

    /// <summary>Whether nothing is to be changed.</summary>
    public bool IsEmpty => Memory is null && Cpus is null && PidLimit is null;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: a value is out of its range.</exception>
    public void Validate() => new ResourceLimits
    {
        Memory = Memory ?? ResourceLimits.Default.Memory,
        Cpus = Cpus ?? ResourceLimits.Default.Cpus,
        PidLimit = PidLimit ?? ResourceLimits.Default.PidLimit,
    }.Validate();
}
