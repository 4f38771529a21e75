using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace FlourishaSandbox.Completers;

/// <summary>Offers the roles that elements of pages mostly have.</summary>
public sealed class RoleCompleter : IArgumentCompleter
{
    private static readonly string[] s_roles = ["alert", "button", "checkbox", "combobox", "dialog", "heading", "img", "link", "list", "listitem", "menuitem", "navigation", "option", "radio", "row", "searchbox", "slider", "spinbutton", "status", "switch", "tab", "table", "textbox"];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completer.Offer(wordToComplete, s_roles.Select(role => (role, role)));
}
