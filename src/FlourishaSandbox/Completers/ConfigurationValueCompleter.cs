using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using FlourishaSandbox.Configuration;
using FlourishaSandbox.Images;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Completers;

/// <summary>Offers the words that a setting takes, where it takes only some.</summary>
public sealed class ConfigurationValueCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var name = fakeBoundParameters?["Name"]?.ToString() ?? "";
        var words = name.Equals("template", StringComparison.OrdinalIgnoreCase) ? Templates() : SandboxConfiguration.ChoicesOf(name);
        return Completer.Offer(wordToComplete, words.Select(word => (word, word)));
    }

    private static IEnumerable<string> Templates()
    {
        try
        {
            return TemplateCatalog.ForUser(SandboxSettings.FromEnvironment()).List().Select(template => template.Name);
        }
        catch (SandboxException)
        {
            return []; // what is wrong with the configuration is told when the command runs
        }
    }
}
