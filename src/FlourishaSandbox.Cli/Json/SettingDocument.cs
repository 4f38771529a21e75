using System.Text.Json.Nodes;
using FlourishaSandbox.Configuration;

namespace FlourishaSandbox.Cli.Json;

/// <summary>A setting.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value as a configuration file has it; null for none.</param>
/// <param name="Source">Where the value comes from.</param>
/// <param name="Location">The file or the variable; null for a default.</param>
/// <param name="Variables">The variables that set it, the first above the others.</param>
/// <param name="Description">What it is for.</param>
internal sealed record SettingDocument(string Name, JsonNode? Value, ConfigurationSource Source, string? Location, IReadOnlyList<string> Variables, string Description)
{
    /// <summary>The document of a setting.</summary>
    /// <param name="entry">The setting.</param>
    /// <returns>The document.</returns>
    public static SettingDocument From(ConfigurationEntry entry) => new(entry.Name, entry.ToJson(), entry.Source, entry.Location, entry.Variables, entry.Description);
}
