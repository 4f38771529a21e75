using System.CommandLine;
using System.Net;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Parsing;

/// <summary>How a gateway is to serve: options that verbs share.</summary>
internal sealed class GatewayFlags
{
    private readonly Option<int?> _port = new("--port", "-p") { Description = "The port that it listens on. Default: 8080.", HelpName = "PORT" };
    private readonly Option<string?> _address = new("--address") { Description = "The address of this machine that it listens on. Default: 127.0.0.1.", HelpName = "IP" };
    private readonly Option<string?> _domain = new("--domain") { Description = "The domain below which sandboxes have names, beside localhost.", HelpName = "NAME" };
    private readonly Option<string?> _certificate = new("--certificate") { Description = "Its certificate, a file in PEM or PKCS #12. Default: plain HTTP.", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--certificate-key") { Description = "The certificate's key, a file in PEM, where it is not in the certificate's own.", HelpName = "FILE" };
    private readonly Option<string?> _password = new("--certificate-password-file") { Description = "A file with the password of the certificate's key.", HelpName = "FILE" };
    private readonly Option<string[]?> _proxies = new("--trusted-proxy") { Description = "A proxy whose word on where a request came from counts; may be repeated.", HelpName = "NETWORK", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> _keepHost = CommonOptions.Flag("--keep-host", "Show applications the name that users typed, and not localhost, which all development servers take.");

    /// <summary>Adds them to a verb.</summary>
    public void AddTo(Command verb)
    {
        foreach (Option option in (Option[])[_port, _address, _domain, _certificate, _key, _password, _proxies, _keepHost])
            verb.Add(option);
    }

    /// <summary>Reads them. What is not given is as the settings have it.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>, <see cref="SandboxError.PathNotFound"/>: a value cannot be used.</exception>
    public GatewayOptions Read(ParseResult parse)
    {
        var settings = GatewayOptions.From(SandboxSettings.FromEnvironment());
        var address = parse.GetValue(_address);
        var options = settings with
        {
            Engine = parse.GetValue(CommonOptions.Engine) ?? settings.Engine,
            Port = parse.GetValue(_port) ?? settings.Port,
            Address = address is null ? settings.Address : IPAddress.TryParse(address, out var parsed) ? parsed : throw new SandboxException(SandboxError.InvalidOption, $"--address '{address}' is no IP address.", address, "Give an address of this machine, for example 127.0.0.1, or 0.0.0.0 for all."),
            Domain = parse.GetValue(_domain) ?? settings.Domain,
            Certificate = parse.GetValue(_certificate) ?? settings.Certificate,
            CertificateKey = parse.GetValue(_key) ?? settings.CertificateKey,
            CertificatePasswordFile = parse.GetValue(_password) ?? settings.CertificatePasswordFile,
            TrustedProxies = parse.GetValue(_proxies) ?? settings.TrustedProxies,
            KeepHost = parse.GetValue(_keepHost),
        };
        options.Validate();
        return options;
    }
}
