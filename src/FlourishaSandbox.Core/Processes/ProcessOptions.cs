using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Processes;

/// <summary>How a process is started that nobody waits for.</summary>
public sealed record ProcessOptions
{
    /// <summary>The most bytes of output that can be asked to be kept: 64 MiB.</summary>
    public const int MaximumOutputLimit = 64 << 20;

    /// <summary>A word to find it by: 1 to 64 letters, digits, '-', '_', '.' and ':'; null for none.</summary>
    public string? Tag { get; init; }

    /// <summary>Whether one can write to its standard input; else it reads an end at once.</summary>
    public bool KeepInputOpen { get; init; }

    /// <summary>Bytes of output that are kept for those who come later; from 4,096 to <see cref="MaximumOutputLimit"/>, 4 MiB where nothing is said. Older output gives way to newer.</summary>
    public int? OutputLimit { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: a value cannot be used.</exception>
    public void Validate()
    {
        if (Tag is not null && (Tag.Length is 0 or > 64 || !Tag.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':')))
            throw InvalidOption.Create("Tag", Tag, "is no tag", "Use 1 to 64 letters, digits, '-', '_', '.' and ':'.");

        if (OutputLimit is < 4096 or > MaximumOutputLimit)
            throw InvalidOption.Create("OutputLimit", OutputLimit, "is out of range", "Give from 4KB to 64MB.");
    }
}
