namespace FlourishaSandbox.Cli.Json;

/// <summary>What a file holds.</summary>
/// <param name="Path">The path as it was given.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Text">The content where it is UTF-8, else null.</param>
/// <param name="Base64">The content where it is no UTF-8, else null.</param>
internal sealed record ContentDocument(string Path, long Size, string? Text, string? Base64)
{
    /// <summary>The document for a content.</summary>
    /// <param name="path">The path as it was given.</param>
    /// <param name="content">The content.</param>
    /// <returns>The document.</returns>
    public static ContentDocument For(string path, byte[] content)
    {
        var text = FileText.TryDecode(content);
        return new ContentDocument(path, content.Length, text, text is null ? Convert.ToBase64String(content) : null);
    }
}
