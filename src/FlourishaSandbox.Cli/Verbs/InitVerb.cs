using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Makes sandboxes.</summary>
internal sealed class InitVerb : Verb
{
    private readonly Option<string?> _template = new("--template", "-t") { Description = $"The template to make it from. Default: {SandboxOptions.DefaultTemplate}.", HelpName = "NAME", CompletionSources = { Completions.Templates } };
    private readonly Option<string?> _image = new("--image") { Description = "An image to make it from, instead of a template.", HelpName = "IMAGE" };
    private readonly Option<string?> _checkpoint = new("--checkpoint") { Description = "A checkpoint to make it from, instead of a template.", HelpName = "NAME" };
    private readonly Option<string?> _name = new("--name", "-n") { Description = "Its name, unique on the engine. With --count, -1, -2 and so on are put behind it. Default: one is made up.", HelpName = "NAME" };
    private readonly Option<int?> _count = CommonOptions.Count("--count", "How many to make, side by side.");
    private readonly Option<TimeSpan?> _timeout = CommonOptions.Duration("--timeout", "When it ends by itself. Default: 1h.", allowUnlimited: true);
    private readonly Option<Dictionary<string, string>?> _environment = CommonOptions.Environment("A variable of all its processes; may be repeated.");
    private readonly Option<Dictionary<string, string>?> _metadata = CommonOptions.Metadata("A note that it can be found by; may be repeated. Not for secrets.");
    private readonly Option<int[]?> _ports = new("--port", "-p") { Description = "A TCP port to be reached from outside, beside the template's; may be repeated.", HelpName = "PORT", Arity = ArgumentArity.OneOrMore };
    private readonly Option<HostRouting?> _routing = CommonOptions.Choice<HostRouting>("--routing", "By which way its ports are reached. Default: port.");
    private readonly Option<bool> _private = CommonOptions.Flag("--private", "Have the gateway let only those to its ports who have their token.");
    private readonly Option<long?> _memory = CommonOptions.Size("--memory", "Its memory, 2GB where nothing is said.");
    private readonly Option<double?> _cpus = new("--cpus") { Description = "Its processors; fractions are allowed. Default: 2.", HelpName = "N" };
    private readonly Option<int?> _pids = new("--pids") { Description = "How many processes it may have. Default: 256.", HelpName = "N" };
    private readonly Option<long?> _disk = CommonOptions.Size("--disk", "What it may write to its disk, 10GB where nothing is said; 0 for no limit of its own.");
    private readonly Option<long?> _output = CommonOptions.Size("--output-limit", "What each of its commands may write to its output; no limit where nothing is said.");
    private readonly Option<IsolationLevel?> _isolation = CommonOptions.Choice<IsolationLevel>("--isolation", "How hard it is closed. Default: standard.");
    private readonly Option<NetworkPolicy?> _network = CommonOptions.Choice<NetworkPolicy>("--network", "What it can reach. Default: isolated, and none with --isolation strict.");
    private readonly Option<string[]?> _allowHosts = new("--allow-host") { Description = "A host that it may reach by HTTP and HTTPS, and no others: example.com, or *.example.com for all below; may be repeated.", HelpName = "HOST", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string[]?> _denyHosts = new("--deny-host") { Description = "A host that it may not reach, in the same form; may be repeated.", HelpName = "HOST", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _runtime = new("--runtime") { Description = "The OCI runtime, such as runsc. Default: the engine's own choice.", HelpName = "NAME" };
    private readonly Option<TimeoutAction?> _onTimeout = CommonOptions.Choice<TimeoutAction>("--on-timeout", "What becomes of it at its deadline. Default: stop.");
    private readonly Option<string?> _folder = new("--workdir") { Description = "The folder in which its commands start. Default: the template's.", HelpName = "PATH" };
    private readonly Option<string?> _user = new("--user") { Description = "The user whom its commands run as. Default: the template's; an image's own, unless that is root.", HelpName = "USER" };
    private readonly Option<string[]?> _volumes = new("--volume", "-v") { Description = "A volume NAME:/target or a folder of the engine's machine host:/folder:/target, read-only unless ':rw' follows; may be repeated.", HelpName = "VOLUME", Arity = ArgumentArity.OneOrMore };

    private readonly Option<bool> _noPool = CommonOptions.Flag("--no-pool", "Make it anew even where one waits in a pool.");

    /// <summary>Creates the verb.</summary>
    public InitVerb()
        : base(
            "init",
            "Makes a sandbox and prints its id.",
            "ID=$(docker-sandbox init)",
            "docker-sandbox init --template minimal --name build --timeout 24h",
            "docker-sandbox init --image python:3.12 --memory 512MB --cpus 0.5 -p 8000 -e MODE=test",
            "docker-sandbox init --count 10 --metadata run=42",
            "docker-sandbox init -v cache:/var/cache/pip:rw -v host:/srv/data:/data")
    {
        foreach (Option option in (Option[])[_template, _image, _checkpoint, _name, _count, _timeout, _onTimeout, _environment, _metadata, _ports, _routing, _private, _memory, _cpus, _pids, _disk, _output, _isolation, _network, _allowHosts, _denyHosts, _runtime, _folder, _user, _volumes, _noPool])
            Add(option);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var options = ReadOptions(session.Parse, session.Manager.Settings.Defaults);
        var count = session.Parse.GetValue(_count);
        var creation = await SideBySide.RunAsync(options.Repeat(count ?? 1), (one, token) => session.Manager.CreateAsync(one, session.Observer, token), made => RemoveAsync(session, made), cancellationToken);

        if (!session.Json)
            session.WriteLines(creation.Results.Select(sandbox => sandbox.ShortId));
        else if (count is not null)
            session.WriteDocument(creation.Results, CliJson.Default.IReadOnlyListSandbox);
        else if (creation.Results.Count == 1)
            session.WriteDocument(creation.Results[0], CliJson.Default.Sandbox);

        return creation.Report(session);
    }

    private SandboxOptions ReadOptions(ParseResult parse, SandboxOptions defaults) =>
        defaults.MadeFrom(parse.GetValue(_template), parse.GetValue(_image), parse.GetValue(_checkpoint))
            .Closed(parse.GetValue(_isolation), parse.GetValue(_network), parse.GetValue(_allowHosts), parse.GetValue(_denyHosts)) with
        {
            Name = parse.GetValue(_name),
            Runtime = parse.GetValue(_runtime) ?? defaults.Runtime,
            Timeout = parse.GetValue(_timeout) ?? defaults.Timeout,
            OnTimeout = parse.GetValue(_onTimeout) ?? defaults.OnTimeout,
            Environment = parse.GetPairs(_environment),
            Metadata = parse.GetPairs(_metadata),
            Ports = parse.GetValue(_ports) ?? [],
            Routing = parse.GetValue(_routing) ?? defaults.Routing,
            Private = parse.GetValue(_private),
            WorkingDirectory = parse.GetValue(_folder),
            User = parse.GetValue(_user),
            NoPool = parse.GetValue(_noPool),
            Volumes = [.. (parse.GetValue(_volumes) ?? []).Select(SandboxVolume.Parse)],
            Limits = defaults.Limits with
            {
                Memory = parse.GetValue(_memory) ?? defaults.Limits.Memory,
                Cpus = parse.GetValue(_cpus) ?? defaults.Limits.Cpus,
                PidLimit = parse.GetValue(_pids) ?? defaults.Limits.PidLimit,
                Disk = parse.GetValue(_disk) switch { null => defaults.Limits.Disk, 0 => null, var bytes => bytes },
                Output = parse.GetValue(_output) switch { null => defaults.Limits.Output, 0 => null, var bytes => bytes },
            },
        };

    // Nobody has been told their ids yet, so nobody else could remove them.
    private static async Task RemoveAsync(Session session, IReadOnlyList<Sandbox> sandboxes)
    {
        foreach (var sandbox in sandboxes)
            await session.Manager.RemoveAsync(sandbox, session.Observer, CancellationToken.None);
    }
}
