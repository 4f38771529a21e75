using System.Globalization;
using System.Net;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Hosting;

/// <summary>How a gateway is to serve.</summary>
public sealed record GatewayOptions
{
    /// <summary>The engine's address; null to look where the Docker CLI looks.</summary>
    public string? Engine { get; init; }

    /// <summary>The address of this machine that it listens on.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The TCP port that it listens on, 1 to 65535.</summary>
    public required int Port { get; init; }

    /// <summary>The domain below which sandboxes have names, beside <c>localhost</c>; null for none.</summary>
    public string? Domain { get; init; }

    /// <summary>Where users reach it; null where that is what it listens on.</summary>
    public Uri? Url { get; init; }

    /// <summary>A file with its certificate, in PEM or PKCS #12; null for plain HTTP.</summary>
    public string? Certificate { get; init; }

    /// <summary>A file in PEM with the certificate's key; null where it is in the certificate's own.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>A file with the key's password; null where it has none.</summary>
    public string? CertificatePasswordFile { get; init; }

    /// <summary>Whether servers in sandboxes are shown the name that users typed, and not <c>localhost:PORT</c>, which all development servers take.</summary>
    public bool KeepHost { get; init; }

    /// <summary>Addresses and networks of proxies whose word on where a request came from counts.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>Whether others than this machine's users reach it.</summary>
    public bool IsExposed => GatewayAddress.IsExposed(Address, Domain, Url);

    /// <summary>What the settings say.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>The options.</returns>
    public static GatewayOptions From(SandboxSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var gateway = settings.Gateway;
        return new GatewayOptions
        {
            Engine = settings.Endpoint,
            Address = IPAddress.Parse(gateway.Address),
            Port = gateway.Port,
            Domain = settings.Domain,
            Url = gateway.Url,
            Certificate = gateway.Certificate,
            CertificateKey = gateway.CertificateKey,
            CertificatePasswordFile = gateway.CertificatePasswordFile,
            TrustedProxies = gateway.TrustedProxies,
        };
    }

    /// <summary>The same as words for the gateway's program.</summary>
    /// <returns>The words. None of them is secret: passwords are in files.</returns>
    public IReadOnlyList<string> ToWords()
    {
        List<string> words = ["--address", Address.ToString(), "--port", Port.ToString(CultureInfo.InvariantCulture)];
        foreach (var (option, value) in ((string, string?)[])[("--engine", Engine), ("--domain", Domain), ("--url", Url?.OriginalString), ("--certificate", Full(Certificate)), ("--certificate-key", Full(CertificateKey)), ("--certificate-password-file", Full(CertificatePasswordFile))])
        {
            if (value is not null)
                words.AddRange([option, value]);
        }

        foreach (var proxy in TrustedProxies)
            words.AddRange(["--trusted-proxy", proxy]);

        if (KeepHost)
            words.Add("--keep-host");

        return words;

        static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);
    }

    /// <summary>What users have to know who start it so.</summary>
    /// <param name="settings">By which addresses are made.</param>
    /// <returns>A sentence with what to do for each; none where all is well.</returns>
    public IEnumerable<string> FindTroubles(SandboxSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (!IPAddress.IsLoopback(Address) && Certificate is null)
            yield return $"Whoever reaches {Address} can read what passes, tokens too, as there is no certificate. Name one, or put a proxy with one in front.";

        if (Port != settings.Gateway.Port && settings.Gateway.Url is null)
            yield return string.Create(CultureInfo.InvariantCulture, $"Addresses of sandboxes name port {settings.Gateway.Port}. To have them name this one, set gateway.port to {Port}.");
    }

    /// <summary>Checks what can be checked before anything is begun.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: a value cannot be used. <see cref="SandboxError.PathNotFound"/>: a file is not there.</exception>
    public void Validate()
    {
        Configuration.ConfigurationRules.GatewayPort(Port);
        if (Domain is not null)
            Configuration.ConfigurationRules.Domain(Domain);

        foreach (var proxy in TrustedProxies)
            Configuration.ConfigurationRules.TrustedProxy(proxy);

        if (Certificate is null && (CertificateKey ?? CertificatePasswordFile) is { } alone)
            throw InvalidOption.Create("CertificateKey", alone, "is for a certificate, and none was named", "Name the certificate's file too, or leave both out.");

        foreach (var file in (string?[])[Certificate, CertificateKey, CertificatePasswordFile])
        {
            if (file is not null && !File.Exists(file))
                throw new SandboxException(SandboxError.PathNotFound, $"'{file}' does not exist, or is no file.", file, "Name a file in PEM (.pem, .crt, .key) or PKCS #12 (.pfx, .p12).");
        }
    }
}
