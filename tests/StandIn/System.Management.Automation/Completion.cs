// A stand-in for tests, and no PowerShell. See System.Management.Automation.csproj.
using System.Collections;
using System.Management.Automation.Language;

namespace System.Management.Automation
{
    public enum CompletionResultType
    {
        Text,
        History,
        Command,
        ProviderItem,
        ProviderContainer,
        Property,
        Method,
        ParameterName,
        ParameterValue,
    }

    public class CompletionResult
    {
        public CompletionResult(string completionText, string listItemText, CompletionResultType resultType, string toolTip)
        {
            ArgumentException.ThrowIfNullOrEmpty(completionText);
            ArgumentException.ThrowIfNullOrEmpty(listItemText);
            ArgumentException.ThrowIfNullOrEmpty(toolTip);
            (CompletionText, ListItemText, ResultType, ToolTip) = (completionText, listItemText, resultType, toolTip);
        }

        public string CompletionText { get; }

        public string ListItemText { get; }

        public CompletionResultType ResultType { get; }

        public string ToolTip { get; }
    }

    public interface IArgumentCompleter
    {
        IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters);
    }

    [AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
    public class ArgumentCompleterAttribute(Type type) : Attribute
    {
        public Type Type { get; } = type;
    }
}

namespace System.Management.Automation.Language
{
    public class CommandAst;
}
