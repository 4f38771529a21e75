using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text.RegularExpressions;
using FlourishaSandbox.Cli.Verbs;

namespace FlourishaSandbox.Cli;

/// <summary>The usual help, followed by the verb's examples.</summary>
/// <param name="help">The usual help.</param>
internal sealed partial class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        using var text = new StringWriter();
        parseResult.InvocationConfiguration.Output = text;
        help.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output = output;

        // What comes after exec's COMMAND is the command's, so the usage puts options where they always work.
        output.Write(OptionsLast().Replace(text.ToString(), "${verb}[options] ${arguments}", 1));
        if (parseResult.CommandResult.Command is Verb verb)
        {
            output.WriteLine("Examples:");
            foreach (var example in verb.Examples)
                output.WriteLine($"  {example}");

            output.WriteLine();
        }

        return ExitCodes.Success;
    }

    [GeneratedRegex(@"(?<verb>^  docker-sandbox [a-z -]+)(?<arguments>[<[].*) \[options\]\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex OptionsLast();
}
