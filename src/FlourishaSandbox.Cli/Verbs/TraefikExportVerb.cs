using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Writes what Traefik reads.</summary>
internal sealed class TraefikExportVerb : Verb
{
    private readonly Option<bool> _static = CommonOptions.Flag("--static", "Write traefik.yml, which Traefik starts with, and not what its file provider reads.");
    private readonly Option<string?> _gateway = new("--gateway") { Description = "The URL by which Traefik reaches the gateway. Default: this machine's own, by the settings.", HelpName = "URL" };
    private readonly Option<string?> _email = new("--email") { Description = "Whom the issuer of certificates writes to, with --static.", HelpName = "ADDRESS" };
    private readonly Option<string?> _dnsProvider = new("--dns-provider") { Description = "The code of the DNS provider by which the domain is proven, such as cloudflare, with --static.", HelpName = "CODE" };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "The file. Default: standard output.", HelpName = "FILE" };
    private readonly Option<bool> _force = CommonOptions.Flag("--force", "Replace a file that is there.");

    /// <summary>Creates the verb.</summary>
    public TraefikExportVerb()
        : base(
            "export",
            "Writes what Traefik v3 reads so that all names below the setting 'domain' lead to the gateway: a file for its file provider, in YAML.",
            "docker-sandbox traefik export --output /etc/traefik/dynamic/sandboxes.yml",
            "docker-sandbox traefik export --gateway http://10.0.0.5:8080",
            "docker-sandbox traefik export --static --email admin@example.com --dns-provider cloudflare -o traefik.yml")
    {
        foreach (Option option in (Option[])[_static, _gateway, _email, _dnsProvider, _output, _force])
            Add(option);

        Validators.Add(result =>
        {
            var isStatic = result.GetValue(_static);
            if (isStatic && result.GetValue(_gateway) is not null)
                result.AddError("--gateway is for what the file provider reads. Leave it out beside --static.");

            if (!isStatic && (result.GetValue(_email) ?? result.GetValue(_dnsProvider)) is not null)
                result.AddError("--email and --dns-provider are for traefik.yml. Give --static too, or leave them out.");

            if (result.GetValue(_force) && result.GetValue(_output) is null)
                result.AddError("--force is for a file that --output names.");
        });
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var parse = session.Parse;
        var settings = SandboxSettings.FromEnvironment();
        var isStatic = parse.GetValue(_static);
        var text = isStatic ? TraefikFiles.WriteStatic(settings, parse.GetValue(_email), parse.GetValue(_dnsProvider)) : TraefikFiles.WriteDynamic(settings, GatewayOf(parse.GetValue(_gateway)));
        if (!isStatic && TraefikFiles.FindTrouble(settings) is { } trouble)
            session.Observer.Warning(trouble);

        var file = parse.GetValue(_output) is { } path ? TraefikFiles.Save(path, text, parse.GetValue(_force)) : null;
        if (session.Json)
            session.WriteDocument(new TraefikDocument(file?.FullName, text), CliJson.Default.TraefikDocument);
        else if (file is null)
            session.WriteLine(text.TrimEnd('\n'));
        else
            session.Note(file.FullName);

        return Task.FromResult(ExitCodes.Success);
    }

    private static Uri? GatewayOf(string? url) => url is null
        ? null
        : Uri.TryCreate(url, UriKind.Absolute, out var gateway)
            ? gateway
            : throw new SandboxException(SandboxError.InvalidOption, $"--gateway '{url}' is no URL.", url, "Give a scheme, a host and a port, for example http://127.0.0.1:8080.");
}
