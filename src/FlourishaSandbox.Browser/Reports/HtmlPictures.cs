using System.Buffers.Binary;
using System.Globalization;
using FlourishaSandbox.Browser.Suites;

namespace FlourishaSandbox.Browser.Reports;

/// <summary>Puts pictures into the report itself, as long as it does not become too large for those who are to open it.</summary>
/// <param name="folder">The report's folder, from which files are named.</param>
internal sealed class HtmlPictures(string folder)
{
    /// <summary>The most bytes of pictures in a report: 48 MiB, which a mail still carries and a phone still opens.</summary>
    public const long MaximumTotal = 48 << 20;

    private static readonly byte[] s_signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
    private long _total;

    /// <summary>How the report names a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its path from the report's folder, with slashes.</returns>
    public string NameOf(string path) => Path.GetRelativePath(folder, path).Replace('\\', '/');

    /// <summary>The picture as HTML.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="where">The viewport that it was taken at.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The element, or words where it cannot be shown.</returns>
    public async Task<string> EmbedAsync(AppTestPicture picture, string? where, CancellationToken cancellationToken)
    {
        byte[] png;
        try
        {
            var size = new FileInfo(picture.Path).Length;
            if (_total + size > MaximumTotal)
                return Words(picture, "left out, as the report would be too large");

            png = await File.ReadAllBytesAsync(picture.Path, cancellationToken).ConfigureAwait(false);
            _total += size;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Words(picture, "not to be read any more");
        }

        if (png.Length < 24 || !png.AsSpan().StartsWith(s_signature))
            return Words(picture, "no picture");

        // With its size the page does not jump while it is opened.
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(20)));
        var alt = $"Screenshot: {picture.Name}{(where is null ? "" : $", {where}")}";
        return string.Create(CultureInfo.InvariantCulture, $"<details class=\"shot{(width > height ? " wide" : "")}\"><summary title=\"Larger or smaller\"><img src=\"data:image/png;base64,{Convert.ToBase64String(png)}\" width=\"{width}\" height=\"{height}\" alt=\"{HtmlReport.Text(alt)}\" loading=\"lazy\"></summary></details>");
    }

    private string Words(AppTestPicture picture, string reason) => $"<p class=\"absent\">{HtmlReport.Text(NameOf(picture.Path))}: {reason}</p>";
}
