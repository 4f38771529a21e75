using System.Text.Json.Nodes;

namespace FlourishaSandbox.Configuration;

/// <summary>A setting: what it is, and who says so.</summary>
public sealed class ConfigurationEntry
{
    private readonly ConfigurationKey _key;

    internal ConfigurationEntry(ConfigurationKey key, object? value, ConfigurationSource source, string? location)
    {
        _key = key;
        Value = value;
        Source = source;
        Location = location;
    }

    /// <summary>The name, such as <c>limits.memory</c>.</summary>
    public string Name => _key.Name;

    /// <summary>The value: a text, a number (sizes in bytes), a span of time, a word of an enum, true or false, or a list; null for none.</summary>
    public object? Value { get; }

    /// <summary>The value as it is written in a file or a variable, such as <c>2GB</c>; empty for none.</summary>
    public string Text => Value is null ? "" : _key.Form.Describe(Value);

    /// <summary>Where the value comes from.</summary>
    public ConfigurationSource Source { get; }

    /// <summary>The file or the variable that it comes from; null for a default.</summary>
    public string? Location { get; }

    /// <summary>The environment variables that set it, the first above the others.</summary>
    public IReadOnlyList<string> Variables => _key.Variables;

    /// <summary>What it is for.</summary>
    public string Description => _key.Description;

    /// <summary>The value as a file has it; null for none.</summary>
    /// <returns>A node of its own.</returns>
    public JsonNode? ToJson() => Value is null ? null : _key.Form.Write(Value);

    /// <summary>Whether the value comes from above a file, so that what the file says does not count.</summary>
    /// <param name="scope">The file's scope.</param>
    /// <returns>True where a variable sets it, or the user's file where the machine's is meant.</returns>
    public bool IsAbove(ConfigurationScope scope) => Source > (scope == ConfigurationScope.Machine ? ConfigurationSource.Machine : ConfigurationSource.User);

    /// <summary>The name and the value.</summary>
    /// <returns>For example <c>limits.memory = 2GB</c>.</returns>
    public override string ToString() => $"{Name} = {Text}";
}
