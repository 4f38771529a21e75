using System.Text.Json.Nodes;
using FlourishaSandbox.Configuration;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Pools;

/// <summary>The pools that a user wants: the setting <c>pools</c> of his configuration, or of a file that the setting <c>poolFile</c> names.</summary>
/// <param name="path">The file; null for the configuration.</param>
/// <param name="defaults">What holds where a pool says nothing.</param>
internal sealed class PoolFile(string? path, SandboxOptions defaults) : IPoolStore
{
    private const string Setting = "pools";

    /// <inheritdoc/>
    public IReadOnlyList<PoolDefinition> Load() => [.. Nodes().Select(node => PoolNodes.Read(node, defaults))];

    /// <inheritdoc/>
    public void Save(PoolDefinition definition) => Change(nodes => [.. nodes.Where(node => NameOf(node) != definition.Name), PoolNodes.Write(definition)]);

    /// <inheritdoc/>
    public void Remove(string name)
    {
        if (Load().Any(one => one.Name == name))
            Change(nodes => [.. nodes.Where(node => NameOf(node) != name)]);
    }

    // Read anew each time: whoever keeps pools full runs for weeks.
    private IReadOnlyList<JsonObject> Nodes() => path is null ? SandboxConfiguration.Load().Settings.Pools : ReadFile(path);

    private static IReadOnlyList<JsonObject> ReadFile(string file) => ConfigurationFile.Read(file).Root[Setting] is { } node ? ConfigurationForms.ReadObjects(node, $"{Setting} in '{file}'") : [];

    // The machine's pools are where the user's begin, who may not change those.
    private void Change(Func<IReadOnlyList<JsonObject>, IReadOnlyList<JsonObject>> change)
    {
        var inherited = Nodes();
        var file = path ?? ConfigurationFiles.Current.Require(ConfigurationScope.User);
        ConfigurationWriter.Change(file, Setting, node =>
        {
            var before = node is null ? inherited : ConfigurationForms.ReadObjects(node, $"{Setting} in '{file}'");
            return new JsonArray([.. change(before).Select(one => one.DeepClone())]);
        });
    }

    private string NameOf(JsonObject node) => PoolNodes.Read(node, defaults).Name;
}
