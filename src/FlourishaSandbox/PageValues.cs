using System.Management.Automation;
using System.Text.Json;

namespace FlourishaSandbox;

/// <summary>What a script in a page gives back, as PowerShell has it. Control characters of texts are U+FFFD: a terminal would obey them.</summary>
internal static class PageValues
{
    /// <summary>Numbers, texts, lists and objects.</summary>
    public static object? ToObject(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Display.CleanLines(value.GetString()!),
        JsonValueKind.Number => value.TryGetInt32(out var small) ? small : value.TryGetInt64(out var whole) ? whole : (object)value.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => value.EnumerateArray().Select(ToObject).ToArray(),
        JsonValueKind.Object => ToProperties(value),
        _ => null,
    };

    private static PSObject ToProperties(JsonElement value)
    {
        var properties = new PSObject();
        foreach (var property in value.EnumerateObject())
        {
            // PowerShell's names have no case, and none is empty.
            var name = Display.Clean(property.Name);
            if (name.Length > 0 && properties.Properties[name] is null)
                properties.Properties.Add(new PSNoteProperty(name, ToObject(property.Value)));
        }

        return properties;
    }
}
