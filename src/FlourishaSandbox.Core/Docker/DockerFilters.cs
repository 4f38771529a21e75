using System.Text.Json;

namespace FlourishaSandbox.Docker;

/// <summary>What a list is restricted to: for each key, the values of which one must match (all of them, for labels).</summary>
internal sealed class DockerFilters
{
    private readonly Dictionary<string, IReadOnlyList<string>> _values = new(StringComparer.Ordinal);

    /// <summary>How many keys have values.</summary>
    public int Count => _values.Count;

    /// <summary>The values of each key.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Values => _values;

    /// <summary>Adds a value.</summary>
    /// <param name="key">The key, such as <c>label</c> or <c>name</c>.</param>
    /// <param name="value">The value, such as <c>flourisha.sandbox=1</c>.</param>
    public DockerFilters Add(string key, string value)
    {
        _values[key] = _values.TryGetValue(key, out var values) ? [.. values, value] : [value];
        return this;
    }

    /// <summary>The filters as the engine reads them.</summary>
    public string ToJson() => JsonSerializer.Serialize(_values, DockerJson.Default.DictionaryStringIReadOnlyListString);
}
