using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using FlourishaSandbox.Cli.Verbs;

namespace FlourishaSandbox.Cli;

/// <summary>The usual help, followed by the verb's examples.</summary>
/// <param name="help">The usual help.</param>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    private const string Name = "docker-sandbox";

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
        // A companion is called by our name, and so goes by it.
        output.Write(PutOptionsFirst(text.ToString().Replace($"  {RootCommand.ExecutableName} ", $"  {Name} ", StringComparison.Ordinal)));
        if (parseResult.CommandResult.Command is Verb verb)
        {
            output.WriteLine("Examples:");
            foreach (var example in verb.Examples)
                output.WriteLine($"  {example}");

            output.WriteLine();
        }

        return ExitCodes.Success;
    }

    private static string PutOptionsFirst(string text)
    {
        const string Options = " [options]";
        var end = text.IndexOf(Options, StringComparison.Ordinal);
        var start = end < 0 ? -1 : text.LastIndexOf('\n', end) + 1;
        var arguments = start < 0 ? -1 : text.IndexOfAny(['<', '['], start);
        return arguments < 0 || arguments > end ? text : $"{text[..(arguments - 1)]}{Options} {text[arguments..end]}{text[(end + Options.Length)..]}";
    }
}
