using System.Text.Json.Nodes;
using FlourishaSandbox.Configuration;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Pools;

/// <summary>Pools as a configuration file has them: what each is made from, its size, and what of a sandbox is not as configured elsewhere.</summary>
internal static class PoolNodes
{
    private const string Limits = "limits";

    // Of what can be configured for a sandbox, what its pool can decide.
    private static readonly string[] s_settings = ["template", "isolation", "network"];

    /// <summary>The pool of a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="defaults">What holds where it says nothing.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: there is no such pool.</exception>
    public static PoolDefinition Read(JsonObject node, SandboxOptions defaults)
    {
        // Who names a level gets its network, as on a command line.
        var options = defaults with { Checkpoint = null, Network = node.ContainsKey("isolation") ? null : defaults.Network };
        var settings = new SandboxSettings { Defaults = options };
        string? image = null;
        int? size = null;
        foreach (var (name, value) in node)
        {
            switch (name)
            {
                case "size":
                    size = (int)ReadPart(ConfigurationForms.Count, name, value);
                    break;
                case "image":
                    image = (string)ReadPart(ConfigurationForms.Text("an image as Docker writes it"), name, value);
                    break;
                case Limits when value is JsonObject limits:
                    settings = limits.Aggregate(settings, (sum, limit) => Apply(sum, $"{Limits}.{limit.Key}", limit.Value));
                    break;
                case var _ when s_settings.Contains(name):
                    settings = Apply(settings, name, value);
                    break;
                default:
                    throw InvalidOption.Create("A pool's part", name, "is unknown, or is no object", "Write template or image, size, isolation, network and limits { memory, cpus, pids, disk, output }.");
            }
        }

        if (image is not null && node.ContainsKey("template"))
            throw InvalidOption.Create("image", image, "was given beside a template", "Give one of the two.");

        if (size is null)
            throw InvalidOption.Create("A pool", node.ToJsonString(), "has no size", "Write how many shall wait, for example \"size\": 3.");

        var definition = PoolDefinition.From(image is null ? settings.Defaults : settings.Defaults.MadeFrom(null, image, null), size.Value);
        definition.Validate();
        return definition;
    }

    /// <summary>The node of a pool, which says everything, so that other defaults do not change it.</summary>
    /// <param name="definition">The pool.</param>
    public static JsonObject Write(PoolDefinition definition)
    {
        var settings = new SandboxSettings { Defaults = definition.ToOptions(SandboxOptions.Product) };
        var node = new JsonObject { ["size"] = definition.Size };
        if (definition.Image is not null)
            node["image"] = definition.Image;

        var limits = new JsonObject();
        foreach (var key in ConfigurationKeys.All)
        {
            if (key.Name.StartsWith(Limits + ".", StringComparison.Ordinal))
                limits[key.Name[(Limits.Length + 1)..]] = key.Get(settings) is { } limit ? key.Form.Write(limit) : 0;
            else if (s_settings.Contains(key.Name) && (key.Name != "template" || definition.Image is null) && key.Get(settings) is { } value)
                node[key.Name] = key.Form.Write(value);
        }

        node[Limits] = limits;
        return node;
    }

    private static SandboxSettings Apply(SandboxSettings settings, string name, JsonNode? value)
    {
        var key = ConfigurationKeys.Get(name);
        return key.Set(settings, key.Read(value, $"A pool's {name}"));
    }

    private static object ReadPart(ConfigurationForm form, string name, JsonNode? value) =>
        (value is null ? null : form.Read(value)) ?? throw InvalidOption.Create($"A pool's {name}", value?.ToJsonString() ?? "null", "has no meaning", $"Write {form.Example}.");
}
