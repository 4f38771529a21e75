using System.Globalization;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Enforcement;

/// <summary>How much of something a sandbox should use at most: a share of its limit, or an amount.</summary>
/// <param name="Kind">Of what; not <see cref="LimitKind.Output"/>, which is each command's own.</param>
/// <param name="Value">Percent of the limit; else bytes, cores or a number of processes.</param>
/// <param name="IsPercent">Whether it is a share.</param>
public sealed record LimitThreshold(LimitKind Kind, double Value, bool IsPercent)
{
    /// <summary>Reads a threshold.</summary>
    /// <param name="kind">Of what.</param>
    /// <param name="text">A share as <c>90%</c>, above 0 and at most 100; a size as <c>512MB</c> for memory and disk; a number for CPUs and processes.</param>
    /// <returns>The threshold.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: the text is none of these.</exception>
    public static LimitThreshold Parse(LimitKind kind, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed.EndsWith('%'))
        {
            return TryNumber(trimmed[..^1].TrimEnd(), out var percent) && percent is > 0 and <= 100
                ? new LimitThreshold(kind, percent, IsPercent: true)
                : throw InvalidOption.Create(NameOf(kind), text, "is no share of a limit", "Give one above 0% and at most 100%, for example 90%.");
        }

        switch (kind)
        {
            case LimitKind.Memory or LimitKind.Disk:
                return ByteSize.TryParse(trimmed, out var bytes) && bytes > 0
                    ? new LimitThreshold(kind, bytes, IsPercent: false)
                    : throw InvalidOption.Create(NameOf(kind), text, "is neither a share nor a size", "Give for example 90%, 512MB or 2GB.");
            case LimitKind.Cpu:
                return TryNumber(trimmed, out var cores) && cores > 0
                    ? new LimitThreshold(kind, cores, IsPercent: false)
                    : throw InvalidOption.Create(NameOf(kind), text, "is neither a share nor a number of cores", "Give for example 80% or 1.5.");
            case LimitKind.Processes:
                return int.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
                    ? new LimitThreshold(kind, count, IsPercent: false)
                    : throw InvalidOption.Create(NameOf(kind), text, "is neither a share nor a number of processes", "Give for example 90% or 200.");
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "A sandbox as a whole has no such use.");
        }
    }

    /// <summary>The threshold as it was written, more or less.</summary>
    /// <returns>For example <c>90%</c>, <c>512MB</c>, <c>1.5</c>.</returns>
    public override string ToString() => IsPercent ? string.Create(CultureInfo.InvariantCulture, $"{Value:0.##}%") : Amount(Kind, Value);

    /// <summary>An amount in the unit of its kind.</summary>
    internal static string Amount(LimitKind kind, double value) => kind is LimitKind.Memory or LimitKind.Disk
        ? ByteSize.Format((long)value)
        : value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>How much a sandbox uses, and may use: bytes, cores or processes; the latter 0 for no limit.</summary>
    internal static (double Used, double Limit) Read(LimitKind kind, SandboxMetrics metrics) => kind switch
    {
        LimitKind.Memory => (metrics.MemoryUsed, metrics.MemoryLimit),
        LimitKind.Cpu => (metrics.CpuPercent / 100 * metrics.CpuLimit, metrics.CpuLimit),
        LimitKind.Disk => (metrics.DiskUsed, metrics.DiskLimit),
        LimitKind.Processes => (metrics.Processes, metrics.ProcessLimit),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A sandbox as a whole has no such use."),
    };

    /// <summary>The threshold as an amount.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: a share of a limit that the sandbox does not have.</exception>
    internal double BoundFor(Sandbox sandbox, double limit)
    {
        if (!IsPercent)
            return Value;

        return limit > 0
            ? limit * Value / 100
            : throw InvalidOption.Create(NameOf(Kind), this, $"is a share of nothing: sandbox '{sandbox}' has no such limit", "Give an amount instead.");
    }

    private static string NameOf(LimitKind kind) => kind == LimitKind.Processes ? "PidLimit" : kind.ToString();

    private static bool TryNumber(string text, out double number) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
}
