using System.CommandLine.Parsing;

namespace FlourishaSandbox.Cli.Parsing;

/// <summary>Options that are written <c>KEY=VALUE</c> and may be repeated.</summary>
internal static class KeyValues
{
    /// <summary>Reads notes: each needs its value.</summary>
    /// <param name="result">The words that were given.</param>
    /// <returns>The pairs; of two with the same key the later one counts.</returns>
    public static Dictionary<string, string>? Parse(ArgumentResult result) => Parse(result, valueOfKey: null);

    /// <summary>Reads variables: a name alone takes this process's value, so that a secret need not stand in the list of processes.</summary>
    /// <param name="result">The words that were given.</param>
    /// <returns>The pairs.</returns>
    public static Dictionary<string, string>? ParseVariables(ArgumentResult result) => Parse(result, Environment.GetEnvironmentVariable);

    private static Dictionary<string, string>? Parse(ArgumentResult result, Func<string, string?>? valueOfKey)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in result.Tokens.Select(token => token.Value))
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? text : text[..equals];
            var value = equals >= 0 ? text[(equals + 1)..] : valueOfKey?.Invoke(key);
            if (key.Length == 0 || value is null)
            {
                result.AddError(valueOfKey is null || key.Length == 0
                    ? $"'{text}' is not KEY=VALUE."
                    : $"'{text}' has no value, and no variable of this name is set here to take it from. Write {key}=VALUE.");
                return null;
            }

            pairs[key] = value;
        }

        return pairs;
    }
}
