using System.Collections;
using System.Globalization;

namespace FlourishaSandbox;

/// <summary>PowerShell's hashtables hold anything; ours hold text.</summary>
internal static class Dictionaries
{
    /// <summary>The entries as text, written the same under every culture.</summary>
    public static Dictionary<string, string> ToText(this IDictionary? table)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in table ?? new Hashtable())
            result[Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? ""] = Convert.ToString(entry.Value, CultureInfo.InvariantCulture) ?? "";

        return result;
    }
}
