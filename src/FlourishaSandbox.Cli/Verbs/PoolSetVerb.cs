using System.CommandLine;
using System.CommandLine.Parsing;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Pools;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Has sandboxes wait.</summary>
internal sealed class PoolSetVerb : Verb
{
    private readonly Argument<int> _size = new("size") { Description = $"How many shall wait, 0 to {PoolDefinition.MostMembers}.", HelpName = "SIZE", CustomParser = ParseSize };
    private readonly Option<string?> _template = new("--template", "-t") { Description = $"The template that they are made from. Default: {SandboxOptions.DefaultTemplate}.", HelpName = "NAME", CompletionSources = { Completions.Templates } };
    private readonly Option<string?> _image = new("--image") { Description = "An image that they are made from, instead of a template.", HelpName = "IMAGE" };
    private readonly Option<long?> _memory = CommonOptions.Size("--memory", "Their memory, 2GB where nothing is said. A sandbox with other memory is made anew.");
    private readonly Option<double?> _cpus = new("--cpus") { Description = "Their processors. Default: 2.", HelpName = "N" };
    private readonly Option<int?> _pids = new("--pids") { Description = "How many processes each may have. Default: 256.", HelpName = "N" };
    private readonly Option<IsolationLevel?> _isolation = CommonOptions.Choice<IsolationLevel>("--isolation", "How hard they are closed. Default: standard.");
    private readonly Option<NetworkPolicy?> _network = CommonOptions.Choice<NetworkPolicy>("--network", "What they can reach. Default: isolated, and none with --isolation strict.");

    /// <summary>Creates the verb.</summary>
    public PoolSetVerb()
        : base(
            "set",
            "Has sandboxes wait, warm, until 'init' claims them, and fills the pool. 'pool serve' keeps it full.",
            "docker-sandbox pool set 3",
            "docker-sandbox pool set 10 --template minimal --memory 512MB",
            "docker-sandbox pool set 2 --image python:3.12 --isolation strict")
    {
        Add(_size);
        foreach (Option option in (Option[])[_template, _image, _memory, _cpus, _pids, _isolation, _network])
            Add(option);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var parse = session.Parse;
        var defaults = session.Manager.Settings.Defaults;
        var options = defaults.MadeFrom(parse.GetValue(_template), parse.GetValue(_image), checkpoint: null).Closed(parse.GetValue(_isolation), parse.GetValue(_network), allowHosts: null, denyHosts: null) with
        {
            Limits = defaults.Limits with
            {
                Memory = parse.GetValue(_memory) ?? defaults.Limits.Memory,
                Cpus = parse.GetValue(_cpus) ?? defaults.Limits.Cpus,
                PidLimit = parse.GetValue(_pids) ?? defaults.Limits.PidLimit,
            },
        };
        var definition = PoolDefinition.From(options, parse.GetRequiredValue(_size));
        var pool = await session.Manager.Pools.SetAsync(definition, session.Observer, cancellationToken);
        if (session.Json)
            session.WriteDocument(PoolDocument.From(pool), CliJson.Default.PoolDocument);
        else
            session.Note($"{pool.Ready} of {pool.Size} wait in pool '{pool.Name}'.");

        return ExitCodes.Success;
    }

    private static int ParseSize(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var size) && size <= PoolDefinition.MostMembers)
            return size;

        result.AddError($"SIZE '{text}' is no number from 0 to {PoolDefinition.MostMembers}.");
        return 0;
    }
}
