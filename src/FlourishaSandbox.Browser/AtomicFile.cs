namespace FlourishaSandbox.Browser;

/// <summary>Writes files so that they are there as a whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file, in place of one of its name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What is to be in it.</param>
    /// <param name="cancellationToken">Ends the writing; the file is as before then.</param>
    /// <returns>A task that ends when it is there.</returns>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var half = $"{path}.{Environment.ProcessId}-{Guid.NewGuid():N}.part";
        try
        {
            var file = new FileStream(half, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            await using (file.ConfigureAwait(false))
                await file.WriteAsync(content, cancellationToken).ConfigureAwait(false);

            File.Move(half, path, overwrite: true);
        }
        catch
        {
            File.Delete(half);
            throw;
        }
    }
}
