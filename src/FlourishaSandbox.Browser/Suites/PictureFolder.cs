using System.Globalization;

namespace FlourishaSandbox.Browser.Suites;

/// <summary>The folder of one check at one size: made when the first file comes, so that nothing is kept of what passes and takes no pictures.</summary>
/// <param name="folder">The folder, with its whole path.</param>
internal sealed class PictureFolder(string folder)
{
    /// <summary>The largest file that is kept: 32 MiB.</summary>
    public const int MaximumSize = 32 << 20;

    private static readonly byte[] s_signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<AppTestPicture> _pictures = [];
    private readonly List<string> _files = [];

    /// <summary>The pictures, in their order.</summary>
    public IReadOnlyList<AppTestPicture> Pictures => [.. _pictures];

    /// <summary>All other files.</summary>
    public IReadOnlyList<string> Files => [.. _files];

    /// <summary>Keeps a picture.</summary>
    /// <param name="name">What it shows.</param>
    /// <param name="png">The picture.</param>
    /// <param name="isEvidence">Whether it was taken because something failed.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <returns>The picture's file.</returns>
    /// <exception cref="CheckFailedException">It is no PNG, or too large.</exception>
    public async Task<string> SaveAsync(string name, byte[] png, bool isEvidence, CancellationToken cancellationToken)
    {
        Check(png);
        var path = await SaveFileAsync($"{Slug.Of(name)}.png", png, cancellationToken).ConfigureAwait(false);
        _files.Remove(path);
        _pictures.Add(new AppTestPicture(Excerpt.Of(name, 100), path, isEvidence));
        return path;
    }

    /// <summary>Keeps another file.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="content">What is in it.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <returns>The file.</returns>
    public async Task<string> SaveFileAsync(string name, byte[] content, CancellationToken cancellationToken)
    {
        var path = Reserve(name);
        await AtomicFile.WriteAsync(path, content, cancellationToken).ConfigureAwait(false);
        return path;
    }

    /// <summary>A file that something else is to write.</summary>
    /// <param name="name">The file's name.</param>
    /// <returns>The file, which is not there yet; its folder is.</returns>
    public string Reserve(string name)
    {
        Directory.CreateDirectory(folder);
        var unique = name;
        for (var i = 2; !_names.Add(unique); i++)
            unique = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(name)}-{i}{Path.GetExtension(name)}");

        var path = Path.Combine(folder, unique);
        _files.Add(path);
        return path;
    }

    /// <summary>Removes a file that turned out not to be worth keeping.</summary>
    /// <param name="path">The file.</param>
    public void Forget(string path)
    {
        File.Delete(path);
        _files.Remove(path);
    }

    // It comes from a browser that a hostile page may own, and goes into a report that others open.
    private static void Check(byte[] png)
    {
        if (!png.AsSpan().StartsWith(s_signature) || png.Length > MaximumSize)
            throw new CheckFailedException(png.Length > MaximumSize ? $"The picture has {png.Length >> 20} MiB, and 32 are kept at most." : "What the browser gave is no picture.");
    }
}
