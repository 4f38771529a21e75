using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Parsing;

/// <summary>Sizes as people write them. A KB has 1,024 bytes, as in PowerShell and in Docker's own options.</summary>
internal static class Sizes
{
    /// <summary>What can be written, for messages and help.</summary>
    public const string Forms = "bytes, or a number with a unit as in 512MB, 2GB, 1.5g";

    /// <inheritdoc cref="ByteSize.TryParse"/>
    public static bool TryParse(string text, out long bytes) => ByteSize.TryParse(text, out bytes);

    /// <inheritdoc cref="ByteSize.Format"/>
    public static string Format(long bytes) => ByteSize.Format(bytes);
}
