using System.Text.Json.Nodes;
using FlourishaSandbox.Configuration;

namespace FlourishaSandbox.Core.Tests.Configuration;

/// <summary>Holds the published schema against the settings that there are.</summary>
public sealed class ConfigurationSchemaTests
{
    private static readonly JsonObject s_schema = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "module", "flourisha-sandbox.schema.json")))!;

    [Fact]
    public void It_has_the_settings_in_their_order_with_their_words_and_descriptions() =>
        Assert.Equal(
            ConfigurationKeys.All.Select(key => (key.Name, key.Description, string.Join(' ', key.Form == ConfigurationForms.Flag ? [] : key.Form.Choices))),
            Properties(s_schema, "").Select(property => (property.Name, property.Node["description"]!.GetValue<string>(), string.Join(' ', (property.Node["enum"] as JsonArray ?? []).Select(word => word!.GetValue<string>())))));

    [Fact]
    public void Its_defaults_are_the_product_s()
    {
        var entries = SandboxConfiguration.Load(_ => null, ConfigurationFiles.None).Entries.Where(entry => entry.Name != "owner");
        Assert.Equal(
            entries.Select(entry => (entry.Name, entry.ToJson()?.ToJsonString())),
            Properties(s_schema, "").Where(property => property.Name != "owner").Select(property => (property.Name, property.Node["default"]?.ToJsonString())));
    }

    [Fact]
    public void The_guide_has_every_setting_and_every_variable()
    {
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));
        Assert.All(ConfigurationKeys.All, key => Assert.All(key.Variables.Prepend(key.Name), word => Assert.Contains($"`{word}`", guide, StringComparison.Ordinal)));
    }

    private static IEnumerable<(string Name, JsonNode Node)> Properties(JsonObject schema, string prefix) =>
        ((JsonObject)schema["properties"]!).Where(property => property.Key != "$schema").SelectMany(property =>
            property.Value is JsonObject { } node && node.ContainsKey("properties") ? Properties(node, $"{prefix}{property.Key}.") : [(prefix + property.Key, property.Value!)]);
}
