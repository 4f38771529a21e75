using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Completers;

/// <summary>Offers values at a prompt: within a second, or none at all. A prompt must never hang because an engine does.</summary>
public abstract class Completer : IArgumentCompleter
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        using var limit = new CancellationTokenSource(Limit);
        var token = limit.Token;
        var finding = Task.Run(() => FindAsync(SandboxSession.GetManager(), fakeBoundParameters, token), token);
        try
        {
            if (!finding.Wait(Limit)) // a prompt waits on its own thread, and no longer
                return [];
        }
        catch (AggregateException)
        {
            return []; // no engine, no values: what is wrong is told when the command runs
        }

        return Offer(wordToComplete, finding.Result.Select(candidate => (candidate.Value, candidate.Hint)));
    }

    /// <summary>Those values that begin as what is typed, in order, and quoted where they would not be one word.</summary>
    internal static IEnumerable<CompletionResult> Offer(string? word, IEnumerable<(string Value, string Hint)> candidates)
    {
        var typed = word?.Trim('\'', '"') ?? "";
        return
        [
            .. from candidate in candidates
               where candidate.Value.StartsWith(typed, StringComparison.OrdinalIgnoreCase)
               orderby candidate.Value
               select new CompletionResult(Quote(candidate.Value), candidate.Value, CompletionResultType.ParameterValue, candidate.Hint),
        ];
    }

    /// <summary>Finds all values that make sense.</summary>
    /// <param name="manager">The engine's.</param>
    /// <param name="bound">The parameters that have been typed.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    private protected abstract Task<IReadOnlyList<Candidate>> FindAsync(SandboxManager manager, IDictionary bound, CancellationToken cancellationToken);

    private static string Quote(string value) =>
        value.All(character => char.IsLetterOrDigit(character) || character is '-' or '_' or '.' or '/' or ':') ? value : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A value, and what is shown about it.</summary>
    private protected sealed record Candidate(string Value, string Hint);
}
