using System.CommandLine;

namespace FlourishaSandbox.Cli;

/// <summary>A verb as it is typed.</summary>
internal static class CommandPath
{
    /// <summary>The words that lead to a verb, without the program's name.</summary>
    /// <param name="command">The verb.</param>
    /// <returns>For example <c>images build</c>.</returns>
    public static string Of(Command command)
    {
        var words = new List<string>();
        for (Symbol? symbol = command; symbol is Command and not RootCommand; symbol = symbol.Parents.FirstOrDefault())
            words.Insert(0, symbol.Name);

        return string.Join(' ', words);
    }
}
