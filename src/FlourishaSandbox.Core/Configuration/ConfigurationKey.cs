using System.Text.Json.Nodes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Configuration;

/// <summary>One setting: its name, how its values are written, and what they change.</summary>
internal sealed class ConfigurationKey
{
    /// <summary>The name: the way to it in a file, with dots.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public required string Description { get; init; }

    /// <summary>How its values are written.</summary>
    public required ConfigurationForm Form { get; init; }

    /// <summary>The variables that set it, the first above the others.</summary>
    public required IReadOnlyList<string> Variables { get; init; }

    /// <summary>What a variable means to this setting; null for nothing, where it is meant for another.</summary>
    public Func<string, string, string?> Translate { get; init; } = (_, text) => text;

    /// <summary>The value that holds.</summary>
    public required Func<SandboxSettings, object?> Get { get; init; }

    /// <summary>Settings with another value. Throws where it is out of its range.</summary>
    public required Func<SandboxSettings, object, SandboxSettings> Set { get; init; }

    /// <summary>Whether values are paths. In a file they are absolute: there is no folder that they could begin in.</summary>
    public bool IsPath { get; init; }

    /// <summary>The value of a node, checked as far as one value can be checked alone.</summary>
    /// <param name="node">The node.</param>
    /// <param name="origin">Where it was found, as the beginning of a sentence.</param>
    /// <param name="isVariable">Whether it was found in a variable.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: it cannot be used; the message says where it is from.</exception>
    public object Read(JsonNode? node, string origin, bool isVariable = false)
    {
        var value = node is null ? null : Form.Read(node);
        if (value is null)
            throw InvalidOption.Create(origin, node is JsonValue ? node.ToString() : node?.ToJsonString() ?? "null", "has no meaning", $"Write {Form.Example}.");

        if (IsPath && !isVariable && (value as IReadOnlyList<string> ?? [(string)value]).FirstOrDefault(path => !Path.IsPathFullyQualified(path)) is { } relative)
            throw InvalidOption.Create(origin, relative, "is not absolute", $"Write {Form.Example}.");

        try
        {
            var settings = Set(new SandboxSettings(), value);
            settings.Defaults.Validate();
            settings.Audit.Validate();
        }
        catch (SandboxException e)
        {
            throw new SandboxException(e.Error, $"{origin} cannot be used: {e.Message}", e.Target, e.Remedy, e);
        }

        return value;
    }
}
