using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Hosting;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Says where a sandbox's port is reached.</summary>
internal sealed class GetHostVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Option<int?> _port = new("--port", "-p") { Description = "The port in the sandbox. Default: the first one that it publishes.", HelpName = "PORT" };
    private readonly Option<TimeSpan?> _wait = CommonOptions.Duration("--wait", "Wait until a server answers there, at most so long (then exit code 124).");
    private readonly Option<string?> _path = new("--path") { Description = "The path that must answer with a status below 500, with --wait, and that a link leads to. Default: /.", HelpName = "PATH" };
    private readonly Option<TimeSpan?> _link = CommonOptions.Duration("--link", "Print a link instead: a URL that opens a private port in a browser, for so long, at most 30 days.");

    /// <summary>Creates the verb.</summary>
    public GetHostVerb()
        : base(
            "get-host",
            "Prints the URL by which a port of a sandbox is reached, without a path.",
            "docker-sandbox get-host $ID -p 8000",
            "curl \"$(docker-sandbox get-host $ID -p 8000 --wait 30 --path /health)/api/history\"",
            "docker-sandbox get-host $ID -p 8000 --link 1h    # for a browser, to a private port",
            "docker-sandbox get-host $ID -p 49983 --json    # the agent's address and token, for E2B's clients")
    {
        Add(_sandbox);
        Add(_port);
        Add(_wait);
        Add(_path);
        Add(_link);
        Validators.Add(result =>
        {
            if (result.GetValue(_path) is not null && result.GetValue(_wait) is null && result.GetValue(_link) is null)
                result.AddError("--path is what --wait asks for, and what --link leads to. Give one of them too, or leave --path out.");
        });
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        var span = session.Parse.GetValue(_link);
        if (span is not null)
            HostLink.Validate(sandbox, span.Value);

        var address = await session.Manager.Hosts.GetAddressAsync(sandbox, session.Parse.GetValue(_port), session.Observer, cancellationToken);
        if (session.Parse.GetValue(_wait) is { } wait)
            address = await session.Manager.Hosts.WaitAsync(address, session.Parse.GetValue(_path) ?? "/", wait, session.Observer, cancellationToken);

        if (span is not null)
            address = HostLink.AddTo(address, session.Parse.GetValue(_path) ?? "/", span.Value);

        // Without '/' at its end: callers put '/path' behind it, and '//path' is another one to most servers.
        var url = address.Url.GetLeftPart(UriPartial.Authority);
        if (session.Json)
            session.WriteDocument(new HostDocument(sandbox.Name, sandbox.Id, address.Port, url, address.Public, address.Ready, address.Token, address.Link?.AbsoluteUri), CliJson.Default.HostDocument);
        else
            session.WriteLine(address.Link?.AbsoluteUri ?? url);

        return ExitCodes.Success;
    }
}
