using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FlourishaSandbox.Browser.Tests.Suites;

/// <summary>As much of JSON Schema as the suite's schema uses. A keyword that is not known here fails, so that none is ignored.</summary>
/// <param name="root">The schema.</param>
internal sealed class MiniSchema(JsonObject root)
{
    private static readonly HashSet<string> s_words = ["$schema", "$defs", "title", "description", "default", "examples"];

    /// <summary>Whether a document is valid.</summary>
    public bool IsValid(JsonNode? document) => IsValid(root, document);

    private bool IsValid(JsonObject schema, JsonNode? value) => schema.All(pair => s_words.Contains(pair.Key) || Holds(schema, pair.Key, pair.Value!, value));

    private bool Holds(JsonObject schema, string keyword, JsonNode expected, JsonNode? value) => keyword switch
    {
        "$ref" => IsValid(Resolve(expected.GetValue<string>()), value),
        "type" => Strings(expected).Any(type => IsOf(type, value)),
        "enum" => expected.AsArray().Any(item => JsonNode.DeepEquals(item, value)),
        "anyOf" => expected.AsArray().Any(one => IsValid(one!.AsObject(), value)),
        "oneOf" => expected.AsArray().Count(one => IsValid(one!.AsObject(), value)) == 1,
        "required" => value is not JsonObject group || Strings(expected).All(group.ContainsKey),
        "dependentRequired" => value is not JsonObject group || expected.AsObject().All(pair => !group.ContainsKey(pair.Key) || Strings(pair.Value!).All(group.ContainsKey)),
        "properties" => value is not JsonObject group || expected.AsObject().All(pair => !group.TryGetPropertyValue(pair.Key, out var below) || IsValid(pair.Value!.AsObject(), below)),
        "additionalProperties" => value is not JsonObject group || group.All(pair => schema["properties"]?.AsObject().ContainsKey(pair.Key) == true || (expected is JsonObject more && IsValid(more, pair.Value))),
        "propertyNames" => value is not JsonObject group || group.All(pair => IsValid(expected.AsObject(), JsonValue.Create(pair.Key))),
        "minProperties" => value is not JsonObject group || group.Count >= expected.GetValue<int>(),
        "maxProperties" => value is not JsonObject group || group.Count <= expected.GetValue<int>(),
        "items" => value is not JsonArray array || array.All(item => IsValid(expected.AsObject(), item)),
        "minItems" => value is not JsonArray array || array.Count >= expected.GetValue<int>(),
        "minLength" => !IsOf("string", value) || value!.GetValue<string>().Length >= expected.GetValue<int>(),
        "pattern" => !IsOf("string", value) || Regex.IsMatch(value!.GetValue<string>(), expected.GetValue<string>()),
        "minimum" => !IsOf("number", value) || NumberOf(value) >= NumberOf(expected),
        "maximum" => !IsOf("number", value) || NumberOf(value) <= NumberOf(expected),
        _ => throw new NotSupportedException($"The keyword '{keyword}'."),
    };

    private JsonObject Resolve(string reference) => root["$defs"]![reference["#/$defs/".Length..]]!.AsObject();

    private static double NumberOf(JsonNode? value) => double.Parse(value!.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<string> Strings(JsonNode node) => node is JsonArray array ? array.Select(item => item!.GetValue<string>()) : [node.GetValue<string>()];

    private static bool IsOf(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value is JsonValue && value.GetValueKind() == System.Text.Json.JsonValueKind.String,
        "boolean" => value is JsonValue && value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        "number" => value is JsonValue && value.GetValueKind() == System.Text.Json.JsonValueKind.Number,
        "integer" => IsOf("number", value) && NumberOf(value) % 1 == 0,
        _ => throw new NotSupportedException($"The type '{type}'."),
    };
}
