using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Completers;

/// <summary>Offers the names of a suite's checks, or its tags.</summary>
public sealed class SuiteWordCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            // The prompt's folder, which is not the process's.
            var folder = new SessionState().Path.CurrentFileSystemLocation.Path;
            var suite = AppTestSuite.Read(Path.GetFullPath(fakeBoundParameters?["Suite"]?.ToString() ?? ".", folder));
            var words = parameterName.Equals("Tag", StringComparison.OrdinalIgnoreCase) ? suite.TagNames : suite.CheckNames;
            return Completer.Offer(wordToComplete, words.Distinct().Select(word => (word, word)));
        }
        catch (SandboxException)
        {
            return []; // what is wrong with the suite is told when the command runs
        }
    }
}
