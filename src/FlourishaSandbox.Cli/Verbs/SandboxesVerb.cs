using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Does one thing to several sandboxes side by side, and prints the ids of those to which it was done.</summary>
internal abstract class SandboxesVerb : Verb
{
    private readonly Argument<string[]> _sandboxes = new("ID") { HelpName = "ID", Description = "The sandboxes: names, ids, or at least 4 digits with which an id begins.", Arity = ArgumentArity.OneOrMore, CompletionSources = { Completions.Sandboxes } };

    /// <summary>Names a verb.</summary>
    /// <param name="name">As it is typed.</param>
    /// <param name="description">What it does.</param>
    /// <param name="examples">Calls for its help.</param>
    protected SandboxesVerb(string name, string description, params IReadOnlyList<string> examples)
        : base(name, description, examples) => Add(_sandboxes);

    /// <summary>Does it to one.</summary>
    /// <param name="session">The call.</param>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="cancellationToken">Cancelled by Ctrl+C and the like.</param>
    /// <returns>The sandbox as it is then.</returns>
    protected abstract Task<Sandbox> DoAsync(Session session, Sandbox sandbox, CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected sealed override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var references = session.Parse.GetRequiredValue(_sandboxes).Distinct().Select(CommonOptions.ToReference);
        var outcome = await SideBySide.RunAsync([.. references], async (reference, token) => await DoAsync(session, await session.Manager.GetAsync(reference, token), token), undo: null, cancellationToken);
        if (session.Json)
            session.WriteDocument(outcome.Results, CliJson.Default.IReadOnlyListSandbox);
        else
            session.WriteLines(outcome.Results.Select(sandbox => sandbox.ShortId));

        return outcome.Report(session);
    }
}
