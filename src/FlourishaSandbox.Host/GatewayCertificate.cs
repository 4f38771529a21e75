using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Host;

/// <summary>
/// The certificate that the gateway shows, read again when its file has changed: those that are renewed by themselves every few weeks are
/// taken without a restart. One that cannot be read leaves the one before in use.
/// </summary>
internal sealed class GatewayCertificate
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(30);
    private static readonly List<SslApplicationProtocol> s_protocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    private readonly GatewayOptions _options;
    private readonly GatewayLog _log;
    private readonly object _lock = new();
    private SslStreamCertificateContext _context;
    private DateTime _read;
    private long _nextLook;

    /// <summary>Reads the certificate.</summary>
    /// <param name="options">Names its files.</param>
    /// <param name="log">Hears of one that cannot be read later.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: it cannot be used.</exception>
    public GatewayCertificate(GatewayOptions options, GatewayLog log)
    {
        (_options, _log) = (options, log);
        _read = Changed();
        try
        {
            _context = Load(options);
        }
        catch (Exception e) when (IsUnusable(e))
        {
            throw new SandboxException(SandboxError.InvalidOption, $"The certificate in '{options.Certificate}' cannot be used: {e.Message}", options.Certificate, "Name a file in PEM or PKCS #12, its key's file where that is another one, and a file with the key's password where it has one.", e);
        }

        _nextLook = Environment.TickCount64 + (long)s_look.TotalMilliseconds;
    }

    /// <summary>What a connection is offered.</summary>
    public SslServerAuthenticationOptions ToOptions() => new()
    {
        ServerCertificateContext = Current(),
        ApplicationProtocols = s_protocols,
        AllowRenegotiation = false,
    };

    private SslStreamCertificateContext Current()
    {
        lock (_lock)
        {
            if (Environment.TickCount64 < _nextLook)
                return _context;

            _nextLook = Environment.TickCount64 + (long)s_look.TotalMilliseconds;
            var changed = Changed();
            if (changed == _read)
                return _context;

            try
            {
                _context = Load(_options);
                _read = changed;
            }
            catch (Exception e) when (IsUnusable(e))
            {
                _log.Write($"The new certificate in '{_options.Certificate}' cannot be used, so the old one stays: {e.Message}");
            }

            return _context;
        }
    }

    private DateTime Changed() => new[] { _options.Certificate, _options.CertificateKey }.OfType<string>().Max(File.GetLastWriteTimeUtc);

    private static bool IsUnusable(Exception e) => e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    private static SslStreamCertificateContext Load(GatewayOptions options)
    {
        var password = options.CertificatePasswordFile is { } file ? File.ReadAllText(file).TrimEnd('\r', '\n') : null;
        var chain = new X509Certificate2Collection();
        if (!File.ReadAllText(options.Certificate!).Contains("-----BEGIN", StringComparison.Ordinal))
        {
            chain = X509CertificateLoader.LoadPkcs12CollectionFromFile(options.Certificate!, password);
            var own = chain.FirstOrDefault(each => each.HasPrivateKey) ?? throw new CryptographicException("it holds no private key");
            return SslStreamCertificateContext.Create(own, chain, offline: true);
        }

        var key = options.CertificateKey ?? options.Certificate!;
        var certificate = password is null ? X509Certificate2.CreateFromPemFile(options.Certificate!, key) : X509Certificate2.CreateFromEncryptedPemFile(options.Certificate!, password, key);
        chain.ImportFromPemFile(options.Certificate!);
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }
}
