using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser;

/// <summary>Where pictures go: to a file that nobody has, or whose owner said so.</summary>
internal static class PictureFile
{
    /// <summary>The failure that there is a file already.</summary>
    public static SandboxException InTheWay(string path) => new(SandboxError.PathNotUsable, $"There is something at '{path}' already.", path, "Give another path, or -Force or --force to replace it.");

    /// <summary>Writes a picture.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.PathNotUsable"/>.</exception>
    public static async Task WriteAsync(string path, byte[] picture, bool overwrite, CancellationToken cancellationToken)
    {
        try
        {
            // It may have come there meanwhile.
            if (!overwrite && File.Exists(path))
                throw InTheWay(path);

            await AtomicFile.WriteAsync(path, picture, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException(SandboxError.PathNotUsable, $"The picture cannot be written to '{path}': {e.Message}", path, "Choose a file in a folder that is there and that you may write to.", e);
        }
    }
}
