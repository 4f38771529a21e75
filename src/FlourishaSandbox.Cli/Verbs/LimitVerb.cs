using System.CommandLine;
using System.Globalization;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Watches that sandboxes do not use more than they should.</summary>
internal sealed class LimitVerb : Verb
{
    private readonly Argument<string[]> _sandboxes = new("ID") { HelpName = "ID", Description = "The sandboxes: names, ids, or at least 4 digits with which an id begins.", Arity = ArgumentArity.OneOrMore, CompletionSources = { Completions.Sandboxes } };
    private readonly Option<string?> _memory = new("--memory") { Description = "Memory that they should use at most: a share of their limit, or a size.", HelpName = "90%|512MB" };
    private readonly Option<string?> _cpu = new("--cpu") { Description = "CPU time that they should use at most: a share of their limit, or a number of cores.", HelpName = "80%|1.5" };
    private readonly Option<string?> _disk = new("--disk") { Description = "What they should have written to their disk at most: a share of their limit, or a size.", HelpName = "90%|5GB" };
    private readonly Option<string?> _pids = new("--pids") { Description = "Processes that they should have at most: a share of their limit, or a number.", HelpName = "90%|200" };
    private readonly Option<LimitAction?> _action = CommonOptions.Choice<LimitAction>("--action", "What is done with one that uses more. Default: warn.");
    private readonly Option<TimeSpan?> _for = CommonOptions.Duration("--for", "For how long without a break it must have used so much. Default: at once.");
    private readonly Option<TimeSpan?> _interval = CommonOptions.Duration("--interval", "How long to wait between two measurements. Default: 1s.");
    private readonly Option<int?> _count = CommonOptions.Count("--count", "How many measurements. Default: with --watch or --timeout no end, else as many as --for needs.");
    private readonly Option<bool> _watch = CommonOptions.Flag("--watch", "Watch until Ctrl+C.");
    private readonly Option<TimeSpan?> _timeout = CommonOptions.Duration("--timeout", "When the watch ends by itself. Default: never.");

    /// <summary>Creates the verb.</summary>
    public LimitVerb()
        : base(
            "limit",
            "Watches that sandboxes do not use more than they should: tells it, stops them or kills them. Prints a line for each time, with --json a document. The exit code is 4 where one did.",
            "docker-sandbox limit $ID --memory 90%",
            "docker-sandbox limit $ID --cpu 80% --for 30s --watch --action stop",
            "docker-sandbox limit build-1 build-2 --disk 5GB --pids 90% --timeout 1h --action kill")
    {
        Add(_sandboxes);
        foreach (Option option in (Option[])[_memory, _cpu, _disk, _pids, _action, _for, _interval, _count, _watch, _timeout])
            Add(option);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var policy = ReadPolicy(session.Parse);
        policy.Validate();
        var isBreached = false;
        var written = new Lock();
        string[] names = [.. session.Parse.GetRequiredValue(_sandboxes).Distinct()];
        var failures = new SandboxException?[names.Length];

        // Not a few at a time: each only waits, and none is to wait for another's end.
        await Task.WhenAll(names.Select(async (name, index) =>
        {
            try
            {
                var sandbox = await session.Manager.GetAsync(CommonOptions.ToReference(name), cancellationToken);
                await foreach (var breach in session.Manager.Limits.WatchAsync(sandbox, policy, session.Observer, cancellationToken))
                {
                    lock (written)
                    {
                        isBreached = true;
                        Write(session, breach);
                    }
                }
            }
            catch (SandboxException e)
            {
                failures[index] = e;
            }
        }));

        foreach (var failure in failures.OfType<SandboxException>())
            session.Report(failure);

        return failures.OfType<SandboxException>().FirstOrDefault() is { } first ? first.Error.ExitCode() : isBreached ? SandboxError.LimitExceeded.ExitCode() : ExitCodes.Success;
    }

    private static void Write(Session session, LimitBreach breach)
    {
        if (session.Json)
            session.WriteDocumentLine(BreachDocument.For(breach), CliJson.Default.BreachDocument);
        else
            session.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{breach.Time.UtcDateTime:HH:mm:ss}  {breach.Sandbox.Name}  {breach.Kind.ToString().ToLowerInvariant()} {breach.Describe()}, {breach.Threshold} or more  {breach.Action.ToString().ToLowerInvariant()}"));
    }

    private LimitPolicy ReadPolicy(ParseResult parse)
    {
        var timeout = parse.GetValue(_timeout);
        var interval = parse.GetValue(_interval) ?? LimitPolicy.DefaultInterval;
        var duration = parse.GetValue(_for) ?? TimeSpan.Zero;
        return new LimitPolicy
        {
            Thresholds = LimitPolicy.ReadThresholds(parse.GetValue(_memory), parse.GetValue(_cpu), parse.GetValue(_disk), parse.GetValue(_pids)),
            Action = parse.GetValue(_action) ?? default,
            For = duration,
            Interval = interval,
            Count = parse.GetValue(_count) ?? (parse.GetValue(_watch) || timeout is not null ? null : LimitPolicy.CountFor(interval, duration)),
            Timeout = timeout,
        };
    }
}
