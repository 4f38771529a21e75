using System.Text.RegularExpressions;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Audit;

/// <summary>Whether and where it is written down what is done to sandboxes.</summary>
public sealed record AuditSettings
{
    /// <summary>The smallest size at which a file can be told to be full: 64 KiB, some hundred lines.</summary>
    public const long MinimumSize = 64L << 10;

    /// <summary>Whether it is written down. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The file, absolute; null for <c>FlourishaSandbox/audit/audit.jsonl</c> in the user's folder for local application data.</summary>
    public string? Path { get; init; }

    /// <summary>How large the file may become, in bytes, before another one is begun; at least <see cref="MinimumSize"/>. Default 10 MiB.</summary>
    public long MaximumSize { get; init; } = 10L << 20;

    /// <summary>How many files there are at most, from 2 to 1,000; the oldest gives way. Default 5.</summary>
    public int MaximumFiles { get; init; } = 5;

    /// <summary>
    /// Regular expressions for what is secret in a command, beside those that come with the product. Where one has a group named
    /// <c>secret</c>, that is masked, else all that it matches.
    /// </summary>
    public IReadOnlyList<string> MaskPatterns { get; init; } = [];

    /// <summary>Checks the ranges and patterns.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: a value cannot be used.</exception>
    public void Validate()
    {
        if (Path is not null && !System.IO.Path.IsPathFullyQualified(Path))
            throw InvalidOption.Create("audit.path", Path, "is not absolute", "Give a file's whole path.");

        if (MaximumSize < MinimumSize)
            throw InvalidOption.Create("audit.maximumSize", MaximumSize, $"is too small: at least {MinimumSize >> 10}KB", "Give bytes or a size with a unit, for example 10MB.");

        if (MaximumFiles is < 2 or > 1000)
            throw InvalidOption.Create("audit.maximumFiles", MaximumFiles, "is out of range", "Give a number of files from 2 to 1000.");

        foreach (var pattern in MaskPatterns)
        {
            try
            {
                _ = new Regex(pattern);
            }
            catch (ArgumentException e)
            {
                throw InvalidOption.Create("audit.maskPatterns", pattern, $"is no regular expression: {e.Message}", "Write it as .NET reads it, for example (?i)pin=(?<secret>[0-9]+).");
            }
        }
    }

    // Records compare lists by reference; settings are equal where they say the same.

    /// <inheritdoc/>
    public bool Equals(AuditSettings? other) =>
        other is not null && Enabled == other.Enabled && Path == other.Path && MaximumSize == other.MaximumSize && MaximumFiles == other.MaximumFiles && MaskPatterns.SequenceEqual(other.MaskPatterns);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Enabled, Path, MaximumSize, MaximumFiles, MaskPatterns.Count);
}
