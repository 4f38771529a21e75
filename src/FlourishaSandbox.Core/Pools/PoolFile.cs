using System.Text.Json;
using System.Text.Json.Serialization;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Pools;

/// <summary>The pools that a user wants, in a file of his.</summary>
/// <param name="path">The file; null for the user's own.</param>
internal sealed class PoolFile(string? path = null) : IPoolStore
{
    private readonly string _path = path ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "FlourishaSandbox", "pools.json");

    /// <inheritdoc/>
    public IReadOnlyList<PoolDefinition> Load()
    {
        try
        {
            return File.Exists(_path) ? JsonSerializer.Deserialize(File.ReadAllBytes(_path), PoolJson.Default.ListPoolDefinition) ?? [] : [];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new SandboxException(SandboxError.InvalidOption, $"The list of pools in '{_path}' cannot be read: {e.Message}", _path, "Mend or remove the file.", e);
        }
    }

    /// <inheritdoc/>
    public void Save(PoolDefinition definition) => Write([.. Load().Where(one => one.Name != definition.Name), definition]);

    /// <inheritdoc/>
    public void Remove(string name)
    {
        var all = Load();
        if (all.Any(one => one.Name == name))
            Write([.. all.Where(one => one.Name != name)]);
    }

    // Under its name only when it is whole.
    private void Write(List<PoolDefinition> all)
    {
        var draft = $"{_path}.{Path.GetRandomFileName()}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(all, PoolJson.Default.ListPoolDefinition));
            File.Move(draft, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException(SandboxError.PathNotUsable, $"The list of pools in '{_path}' cannot be written: {e.Message}", _path, "See to it that the folder can be written to.", e);
        }
        finally
        {
            File.Delete(draft);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(List<PoolDefinition>))]
internal sealed partial class PoolJson : JsonSerializerContext;
