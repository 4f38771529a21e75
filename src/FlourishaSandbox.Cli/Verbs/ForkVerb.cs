using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Makes copies of a sandbox.</summary>
internal sealed class ForkVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Option<int?> _count = CommonOptions.Count("--count", "How many to make. Default: 1.");
    private readonly Option<string?> _name = new("--name", "-n") { Description = "The copy's name; with --count, -1, -2 and so on are put behind it. Default: the sandbox's own with -copy-1 and so on.", HelpName = "NAME" };
    private readonly Option<TimeSpan?> _timeout = CommonOptions.Duration("--timeout", "How long they live. Default: as long as the sandbox was given at first.", allowUnlimited: true);

    /// <summary>Creates the verb.</summary>
    public ForkVerb()
        : base(
            "fork",
            "Makes copies of a sandbox, others with its files as they are now and with the same options, and prints their ids.",
            "COPY=$(docker-sandbox fork $ID)",
            "docker-sandbox fork $ID --count 5 --name try --timeout 10m")
    {
        Add(_sandbox);
        Add(_count);
        Add(_name);
        Add(_timeout);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var source = await session.GetSandboxAsync(_sandbox, cancellationToken);
        var names = await session.Manager.Checkpoints.NameCopiesAsync(source, session.Parse.GetValue(_name), session.Parse.GetValue(_count) ?? 1, cancellationToken);
        var copies = await session.Manager.Checkpoints.CopyAsync(source, names, session.Parse.GetValue(_timeout), Environment.ProcessorCount, session.Observer, cancellationToken);
        IReadOnlyList<Sandbox> made = [.. copies.Select(copy => copy.Sandbox).OfType<Sandbox>()];
        if (session.Json)
            session.WriteDocument(made, CliJson.Default.IReadOnlyListSandbox);
        else
            session.WriteLines(made.Select(sandbox => sandbox.ShortId));

        var code = ExitCodes.Success;
        foreach (var failure in copies.Select(copy => copy.Failure).OfType<SandboxException>())
            code = session.Report(failure) is var reported && code == ExitCodes.Success ? reported : code;

        return code;
    }
}
