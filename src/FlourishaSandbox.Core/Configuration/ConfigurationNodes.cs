using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Configuration;

/// <summary>Values as callers have them, as JSON.</summary>
internal static class ConfigurationNodes
{
    /// <summary>The node of a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="form">How its texts are to be read.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: nothing can be made of it.</exception>
    public static JsonNode? From(object? value, ConfigurationForm form) => value is string text ? form.FromText(text) : Plain(value);

    private static JsonNode? Plain(object? value) => value switch
    {
        null => null,
        JsonNode node => node.DeepClone(),
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        Enum word => JsonValue.Create(word.ToString()),
        double number when !double.IsFinite(number) => JsonValue.Create(number.ToString(CultureInfo.InvariantCulture)),
        float or double => JsonValue.Create(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        decimal number => JsonValue.Create(number),
        ulong number => JsonValue.Create(number),
        sbyte or byte or short or ushort or int or uint or long => JsonValue.Create(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        TimeSpan span => JsonValue.Create(span == Timeout.InfiniteTimeSpan ? "unlimited" : span.ToString("c", CultureInfo.InvariantCulture)),
        IDictionary pairs => new JsonObject(pairs.Keys.Cast<object>().Select(key => KeyValuePair.Create(key.ToString()!, Plain(pairs[key])))),
        IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(Plain)]),
        _ => throw InvalidOption.Create("Value", value, $"is a {value.GetType().Name}, which no setting is", "Give a text, a number, $true or $false, a span of time, or a list of texts."),
    };
}
