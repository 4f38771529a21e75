using System.Text.Json.Nodes;

namespace FlourishaSandbox.Configuration;

/// <summary>How values of one kind are written, in a file and in a variable, and read again.</summary>
internal sealed class ConfigurationForm
{
    /// <summary>What is right, as the end of "Write …".</summary>
    public required string Example { get; init; }

    /// <summary>The words, where only some can be meant.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Whether it is a list.</summary>
    public bool IsList { get; init; }

    /// <summary>The value of a node; null where it is none of this kind.</summary>
    public required Func<JsonNode, object?> Read { get; init; }

    /// <summary>The shortest node that says the same.</summary>
    public required Func<object, JsonNode> Write { get; init; }

    /// <summary>The node that a variable's text, or a word on a command line, means.</summary>
    public Func<string, JsonNode> FromText { get; init; } = text => JsonValue.Create(text);

    /// <summary>A value as one would type it.</summary>
    public string Describe(object value) => Write(value) switch
    {
        JsonArray list => string.Join(',', list.Select(item => item is JsonValue ? item.ToString() : item?.ToJsonString())),
        var node => node.ToString(),
    };
}
