using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlourishaSandbox.Docker;

/// <summary>What a TLS connection to an engine is made with. All parts are PEM text.</summary>
/// <param name="CaPem">The certificates that the engine's must descend from; null to trust what the system trusts.</param>
/// <param name="CertificatePem">The client's certificate; null where the engine asks for none.</param>
/// <param name="KeyPem">The client's private key; null where the engine asks for none.</param>
/// <param name="SkipVerify">Whether any certificate of the engine is accepted.</param>
internal sealed record DockerTlsMaterial(string? CaPem, string? CertificatePem, string? KeyPem, bool SkipVerify)
{
    /// <summary>Reads <c>ca.pem</c>, <c>cert.pem</c> and <c>key.pem</c> from a folder; a file that is not there is left out.</summary>
    /// <param name="folder">The folder; it need not exist.</param>
    /// <param name="skipVerify">Whether any certificate of the engine is accepted.</param>
    public static DockerTlsMaterial FromFolder(string folder, bool skipVerify) => new(
        ReadIfThere(Path.Combine(folder, "ca.pem")),
        ReadIfThere(Path.Combine(folder, "cert.pem")),
        ReadIfThere(Path.Combine(folder, "key.pem")),
        skipVerify);

    /// <summary>Whether any of the three files was there.</summary>
    public bool HasAny => CaPem is not null || CertificatePem is not null || KeyPem is not null;

    /// <summary>The certificates to trust; null to trust what the system trusts.</summary>
    /// <exception cref="ArgumentException">The PEM text holds no certificate.</exception>
    public X509Certificate2Collection? LoadCa()
    {
        if (CaPem is null)
            return null;
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(CaPem);
        }
        catch (CryptographicException exception)
        {
            throw new ArgumentException($"ca.pem cannot be read: {exception.Message} Export it again in PEM form.", exception);
        }
        return certificates.Count > 0
            ? certificates
            : throw new ArgumentException("ca.pem holds no certificate. Export it again in PEM form.");
    }

    /// <summary>The client's certificate with its key; null where there is none.</summary>
    /// <exception cref="ArgumentException">The certificate and the key cannot be used together.</exception>
    public X509Certificate2? LoadClientCertificate()
    {
        if (CertificatePem is null || KeyPem is null)
            return null;
        try
        {
            using var fromPem = X509Certificate2.CreateFromPem(CertificatePem, KeyPem);
            // Schannel refuses the ephemeral key that a PEM import makes; a PKCS#12 round trip gives it one that it takes.
            return new X509Certificate2(fromPem.Export(X509ContentType.Pkcs12));
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new ArgumentException($"cert.pem and key.pem cannot be used: {exception.Message} They must be a certificate and its unencrypted private key in PEM form.", exception);
        }
    }

    /// <summary>Says what is there, never the key.</summary>
    public override string ToString() =>
        $"TLS(ca: {CaPem is not null}, client certificate: {CertificatePem is not null}, verified: {!SkipVerify})";

    private static string? ReadIfThere(string path) => File.Exists(path) ? File.ReadAllText(path) : null;
}
