using System.Globalization;
using System.Text;

namespace FlourishaSandbox.Envd.Http;

/// <summary>Signatures by which a URL of a file works without the access token.</summary>
public static class FileSignature
{
    /// <summary>What is signed for reading a file.</summary>
    public const string Read = "read";

    /// <summary>What is signed for writing a file.</summary>
    public const string Write = "write";

    /// <summary>Computes a signature.</summary>
    /// <param name="path">The path as the URL has it.</param>
    /// <param name="operation"><see cref="Read"/> or <see cref="Write"/>.</param>
    /// <param name="user">The user as the URL has it; empty where it has none.</param>
    /// <param name="token">The access token.</param>
    /// <param name="expiration">Until when it is good, in seconds since 1970; null for as long as the token.</param>
    /// <returns>The value for the query's <c>signature</c>.</returns>
    public static string Create(string path, string operation, string user, string token, long? expiration)
    {
        var text = $"{path}:{operation}:{user}:{token}";
        if (expiration is { } seconds)
            text += string.Create(CultureInfo.InvariantCulture, $":{seconds}");

        return "v1_" + Convert.ToBase64String(Sha256.Hash(Encoding.UTF8.GetBytes(text))).TrimEnd('=');
    }
}
