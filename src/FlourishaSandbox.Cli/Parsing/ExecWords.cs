using System.CommandLine;

namespace FlourishaSandbox.Cli.Parsing;

/// <summary>
/// Sees to it that everything from exec's COMMAND on belongs to the command: in <c>exec ID ls -la</c>, <c>-la</c> is not ours.
/// Only where COMMAND has spaces in it, and so is a whole line for the shell, can nothing but options of ours follow:
/// <c>exec ID 'uvicorn main:app' --background</c>, as agents are used to writing it.
/// </summary>
internal static class ExecWords
{
    private const string EndOfOptions = "--";

    /// <summary>Puts <c>--</c> before the command, where the user did not.</summary>
    /// <param name="root">Knows the options that hold everywhere.</param>
    /// <param name="exec">Knows the options of exec.</param>
    /// <param name="args">The command line.</param>
    /// <returns>The command line, to be parsed as usual.</returns>
    public static IReadOnlyList<string> Protect(Command root, Command exec, IReadOnlyList<string> args)
    {
        var isExec = false;
        var hasSandbox = false;
        for (var i = 0; i < args.Count; i++)
        {
            var word = args[i];
            if (word == EndOfOptions)
                return args;

            if (IsOption(word))
            {
                if (TakesNextWord(isExec ? [.. exec.Options, .. root.Options] : root.Options, word))
                    i++;
            }
            else if (!isExec)
            {
                if (word != exec.Name)
                    return args;

                isExec = true;
            }
            else if (!hasSandbox)
            {
                hasSandbox = true;
            }
            else
            {
                var before = args.Take(i);
                var after = args.Skip(i + 1).ToList();
                return word.Any(char.IsWhiteSpace) && AreOptions([.. exec.Options, .. root.Options], after)
                    ? [.. before, .. after, EndOfOptions, word]
                    : [.. before, EndOfOptions, word, .. after];
            }
        }

        return args;
    }

    private static bool IsOption(string word) => word.Length > 1 && word[0] == '-';

    private static bool AreOptions(IReadOnlyList<Option> options, List<string> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (!IsOption(words[i]) || Find(options, words[i].Split('=', ':')[0]) is null)
                return false;

            if (TakesNextWord(options, words[i]))
                i++;
        }

        return true;
    }

    // '--cwd=/x', '--cwd:/x' and '-eK=V' bring their value along; '--cwd' and '-e' take the next word.
    private static bool TakesNextWord(IEnumerable<Option> options, string word) => Find(options, word) is { Arity.MinimumNumberOfValues: > 0 };

    private static Option? Find(IEnumerable<Option> options, string name) =>
        options.FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));
}
