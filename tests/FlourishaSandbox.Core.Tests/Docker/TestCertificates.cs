using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Core.Tests.Docker;

/// <summary>A certificate authority with a server's and a client's certificate, as PEM text.</summary>
internal sealed class TestCertificates
{
    public TestCertificates()
    {
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest("CN=flourisha test ca " + Guid.NewGuid().ToString("N"), caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        caRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        using var ca = caRequest.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(2));
        CaPem = ca.ExportCertificatePem();
        (ServerPem, ServerKeyPem) = Issue(ca, "localhost", "1.3.6.1.5.5.7.3.1");
        (ClientPem, ClientKeyPem) = Issue(ca, "client", "1.3.6.1.5.5.7.3.2");
    }

    public string CaPem { get; }

    public string ServerPem { get; }

    public string ServerKeyPem { get; }

    public string ClientPem { get; }

    public string ClientKeyPem { get; }

    public DockerTlsMaterial Client => new(CaPem, ClientPem, ClientKeyPem, SkipVerify: false);

    private static (string Certificate, string Key) Issue(X509Certificate2 ca, string name, string usage)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(ca, ca.NotBefore.AddMinutes(1), ca.NotAfter.AddMinutes(-1), RandomNumberGenerator.GetBytes(12));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
