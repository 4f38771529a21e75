using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using FlourishaSandbox.Configuration;

namespace FlourishaSandbox.Completers;

/// <summary>Offers the names of settings. It needs no engine, nor a configuration that can be read.</summary>
public sealed class ConfigurationNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completer.Offer(wordToComplete, SandboxConfiguration.Names.Select(name => (name, $"{name}: {SandboxConfiguration.DescriptionOf(name)}")));
}
