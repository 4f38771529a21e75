using System.Text.Json;
using System.Text.Json.Nodes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Configuration;

/// <summary>One configuration file, as it was read: JSON without comments, so that it can be written again and loses nothing.</summary>
internal sealed class ConfigurationFile
{
    private const string SchemaKey = "$schema";
    private readonly string _path;

    private ConfigurationFile(string path, JsonObject root)
    {
        _path = path;
        Root = root;
    }

    /// <summary>What is in it.</summary>
    public JsonObject Root { get; }

    /// <summary>Reads a file; one that is not there is empty.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: it is no JSON. <see cref="SandboxError.PathNotUsable"/>: it may not be read.</exception>
    public static ConfigurationFile Read(string path)
    {
        try
        {
            return new ConfigurationFile(path, File.Exists(path) ? Parse(path) : []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException(SandboxError.PathNotUsable, $"The configuration file '{path}' cannot be read: {e.Message}", path, "See to its permissions.", e);
        }
    }

    /// <summary>The settings that are in it, in their order there.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: something in it is no setting.</exception>
    public IEnumerable<(ConfigurationKey Key, JsonNode? Node)> Settings() => Settings(Root, "");

    /// <summary>How an error names a setting in it.</summary>
    public string Locate(string name) => $"{name} in '{_path}'";

    private IEnumerable<(ConfigurationKey Key, JsonNode? Node)> Settings(JsonObject group, string prefix)
    {
        foreach (var (name, node) in group)
        {
            var full = prefix + name;
            if (full == SchemaKey)
                continue;

            if (ConfigurationKeys.All.FirstOrDefault(key => key.Name == full) is { } key)
            {
                yield return (key, node);
                continue;
            }

            var below = ConfigurationKeys.All.Where(known => known.Name.StartsWith(full + ".", StringComparison.Ordinal)).ToList();
            if (below.Count == 0)
                throw Unknown(full);

            if (node is not JsonObject inner)
                throw InvalidOption.Create(Locate(full), node?.ToJsonString() ?? "null", "is no object", $"Write {{ \"{below[0].Name[(full.Length + 1)..]}\": … }}.");

            foreach (var setting in Settings(inner, full + "."))
                yield return setting;
        }
    }

    private static JsonObject Parse(string path)
    {
        try
        {
            var root = JsonNode.Parse(File.ReadAllText(path));
            CheckNames(root);
            return root as JsonObject ?? throw Broken(path, "it holds no object", cause: null);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // An ArgumentException is a name that comes twice, found when it is looked for.
            throw Broken(path, e is JsonException ? e.Message : "a name comes twice in it", e);
        }
    }

    // The library finds a name that comes twice only when somebody asks.
    private static void CheckNames(JsonNode? node)
    {
        if (node is JsonObject group)
        {
            foreach (var (_, below) in group)
                CheckNames(below);
        }
    }

    private static SandboxException Broken(string path, string problem, Exception? cause) =>
        new(SandboxError.InvalidOption, $"The configuration file '{path}' cannot be read: {problem}", path, "Mend it, or move it out of the way. It is JSON, without comments.", cause);

    private SandboxException Unknown(string name)
    {
        // Misspelt in its case only is the commonest, and a file is read exactly.
        var meant = ConfigurationKeys.All.FirstOrDefault(key => key.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return new SandboxException(
            SandboxError.InvalidOption,
            $"The configuration file '{_path}' has '{name}', which is no setting.",
            name,
            meant is null ? $"Remove it. There are: {string.Join(", ", ConfigurationKeys.All.Select(key => key.Name))}." : $"Write {meant.Name}.");
    }
}
