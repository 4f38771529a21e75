using System.CommandLine;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Cli.Verbs;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli;

/// <summary>Recognises calls that are a companion's, before anything of them is understood here: their options and their help are its own.</summary>
internal static class CompanionCall
{
    /// <summary>Finds the companion's verb in a command line.</summary>
    /// <param name="root">The verbs.</param>
    /// <param name="args">The command line.</param>
    /// <returns>The verb, and what the companion is to be told: the verb, what follows it, and what came before it; null where it is a call of this program's own.</returns>
    public static (CompanionVerb Verb, IReadOnlyList<string> Words)? Find(RootCommand root, IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == CommonOptions.Engine.Name)
                i++; // the next word is its value
            else if (!args[i].StartsWith('-'))
                return root.Subcommands.OfType<CompanionVerb>().FirstOrDefault(verb => verb.Name == args[i]) is { } found ? (found, [args[i], .. args.Take(i), .. args.Skip(i + 1)]) : null;
        }

        return null;
    }

    /// <summary>Hands a call over.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="words">What the companion is to be told.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(CompanionVerb verb, IReadOnlyList<string> words)
    {
        try
        {
            return await verb.Companion.RunAsync(words);
        }
        catch (SandboxException e)
        {
            new ErrorReport(words.Contains(CommonOptions.Json.Name)).Write(e);
            return e.Error.ExitCode();
        }
    }
}
