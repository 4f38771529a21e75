using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Removes sandboxes.</summary>
internal sealed class KillVerb : Verb
{
    private readonly Argument<string[]> _sandboxes = new("ID") { Description = "The sandboxes: names, ids, or at least 4 digits with which an id begins.", Arity = ArgumentArity.ZeroOrMore, CompletionSources = { Completions.Sandboxes } };
    private readonly Option<bool> _all = CommonOptions.Flag("--all", "All sandboxes of yours, without asking.");

    /// <summary>Creates the verb.</summary>
    public KillVerb()
        : base(
            "kill",
            "Removes sandboxes, running or not, with everything in them, and prints their ids.",
            "docker-sandbox kill $ID",
            "docker-sandbox kill build-1 build-2",
            "docker-sandbox kill --all")
    {
        Add(_sandboxes);
        Add(_all);
        Validators.Add(result =>
        {
            if (result.GetValue(_all) == result.GetValue(_sandboxes) is { Length: > 0 })
                result.AddError("Name the sandboxes to remove, or give --all.");
        });
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var references = session.Parse.GetValue(_all)
            ? (await session.Manager.ListAsync(new SandboxFilter { Owner = session.Owner }, cancellationToken)).Select(sandbox => new SandboxReference(sandbox))
            : session.Parse.GetRequiredValue(_sandboxes).Distinct().Select(CommonOptions.ToReference);

        var removal = await SideBySide.RunAsync([.. references], async (reference, token) =>
        {
            var sandbox = reference.Sandbox ?? await session.Manager.GetAsync(reference, token);
            await session.Manager.RemoveAsync(sandbox, session.Observer, token);
            return sandbox;
        }, undo: null, cancellationToken);

        if (session.Json)
            session.WriteDocument([.. removal.Results.Select(sandbox => new RemovalDocument(sandbox.Id, sandbox.Name, Reason: null, Removed: true))], CliJson.Default.IReadOnlyListRemovalDocument);
        else
            session.WriteLines(removal.Results.Select(sandbox => sandbox.ShortId));

        return removal.Report(session);
    }
}
