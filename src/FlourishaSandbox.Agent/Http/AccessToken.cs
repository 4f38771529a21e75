using System.Security.Cryptography;
using System.Text;
using FlourishaSandbox.Envd.Http;

namespace FlourishaSandbox.Agent.Http;

/// <summary>
/// The access token. The agent is started with its hash only, since a command line can be read by everybody in the sandbox; the token
/// itself is known from the first request that proves it, and is in memory only.
/// </summary>
/// <param name="hash">Its SHA-256; null where none is asked for.</param>
internal sealed class AccessToken(byte[]? hash)
{
    private volatile string? _value;

    /// <summary>Whether one is asked for.</summary>
    public bool IsRequired => hash is not null;

    /// <summary>The token; null as long as no request has proven it, and where none is asked for.</summary>
    public string? Value => _value;

    /// <summary>Whether a request may be served. Takes as long for a wrong token as for the right one.</summary>
    /// <param name="presented">The token that it bears; null for none.</param>
    /// <returns>Whether it may.</returns>
    public bool Accepts(string? presented)
    {
        if (hash is null)
            return true;

        if (string.IsNullOrEmpty(presented) || !CryptographicOperations.FixedTimeEquals(Sha256.Hash(Encoding.UTF8.GetBytes(presented)), hash))
            return false;

        _value ??= presented;
        return true;
    }
}
