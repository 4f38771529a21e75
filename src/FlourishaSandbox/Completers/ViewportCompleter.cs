using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace FlourishaSandbox.Completers;

/// <summary>Offers the sizes that have names.</summary>
public sealed class ViewportCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completer.Offer(wordToComplete, [("phone", "390x844"), ("tablet", "820x1180"), ("desktop", "1280x800")]);
}
