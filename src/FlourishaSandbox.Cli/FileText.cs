using System.Text;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli;

/// <summary>Files of a sandbox that are held in memory as a whole.</summary>
internal static class FileText
{
    // A sandbox's file may have no end.
    private const int MaximumSize = 64 << 20;
    private const int PieceSize = 64 << 10;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file.</summary>
    /// <param name="session">The call.</param>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="path">The file's path.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Its bytes.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.PathNotUsable"/>: it is larger than 64 MiB. Else what reading throws.</exception>
    public static async Task<byte[]> ReadAsync(Session session, Sandbox sandbox, string path, CancellationToken cancellationToken)
    {
        await using var content = await session.Manager.Files.OpenReadAsync(sandbox, path, cancellationToken);
        using var read = new MemoryStream();
        var piece = new byte[PieceSize];
        while (await content.ReadAsync(piece, cancellationToken) is > 0 and var count)
        {
            if (read.Length + count > MaximumSize)
                throw new SandboxException(SandboxError.PathNotUsable, $"'{path}' in sandbox '{sandbox}' is larger than {Sizes.Format(MaximumSize)}.", path, "Take it out as it is, with files read or download.");

            read.Write(piece, 0, count);
        }

        return read.ToArray();
    }

    /// <summary>Reads bytes as UTF-8.</summary>
    /// <param name="content">The bytes.</param>
    /// <returns>The text; null where they are none.</returns>
    public static string? TryDecode(byte[] content)
    {
        try
        {
            return s_strict.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            return null; // that is the answer
        }
    }
}
