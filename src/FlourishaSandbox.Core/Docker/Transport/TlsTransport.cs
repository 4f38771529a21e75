using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using FlourishaSandbox.Transport;

namespace FlourishaSandbox.Docker.Transport;

/// <summary>TLS over a socket.</summary>
internal sealed class TlsTransport : TransportStream
{
    private readonly SslStream _ssl;

    private TlsTransport(SslStream ssl) => _ssl = ssl;

    /// <summary>Makes a TLS connection of a socket; the socket is disposed where that fails.</summary>
    /// <param name="socket">A connected socket.</param>
    /// <param name="host">The name or address that the engine's certificate must bear.</param>
    /// <param name="material">What TLS is made with.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<TlsTransport> AuthenticateAsync(SocketTransport socket, string host, DockerTlsMaterial material, CancellationToken cancellationToken)
    {
        var ssl = new SslStream(socket, leaveInnerStreamOpen: false);
        try
        {
            await ssl.AuthenticateAsClientAsync(Options(host, material), cancellationToken).ConfigureAwait(false);
            return new TlsTransport(ssl);
        }
        catch
        {
            await ssl.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static SslClientAuthenticationOptions Options(string host, DockerTlsMaterial material)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host };
        if (material.LoadClientCertificate() is { } certificate)
            options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        if (material.SkipVerify)
        {
#pragma warning disable CA5359 // Asked for by name: DOCKER_TLS without DOCKER_TLS_VERIFY, or a context's SkipTLSVerify.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (material.LoadCa() is { } roots)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                // A private authority publishes no revocation list.
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }
        return options;
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _ssl.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _ssl.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask CloseWriteAsync(CancellationToken cancellationToken) =>
        await _ssl.ShutdownAsync().WaitAsync(cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _ssl.Dispose();
        base.Dispose(disposing);
    }
}
