using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace FlourishaSandbox.Docker;

/// <summary>Reads the contexts that <c>docker context</c> keeps in Docker's configuration folder.</summary>
internal static class DockerContextStore
{
    /// <summary>The name of the current context in <c>config.json</c>; null where there is none.</summary>
    /// <param name="configFolder">Docker's configuration folder.</param>
    /// <exception cref="ArgumentException"><c>config.json</c> cannot be read.</exception>
    public static string? CurrentContext(string configFolder)
    {
        var path = Path.Combine(configFolder, "config.json");
        if (!File.Exists(path))
            return null;
        var config = Read(path, DockerJson.Default.DockerConfigFile);
        return config.CurrentContext is { Length: > 0 } name ? name : null;
    }

    /// <summary>The endpoint of a context.</summary>
    /// <param name="configFolder">Docker's configuration folder.</param>
    /// <param name="name">The context's name.</param>
    /// <param name="namedBy">The variable or file that names it, for the message.</param>
    /// <exception cref="ArgumentException">There is no such context, or its files cannot be used.</exception>
    public static DockerEndpoint Load(string configFolder, string name, string namedBy)
    {
        var folderName = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name))).ToLowerInvariant();
        var metaPath = Path.Combine(configFolder, "contexts", "meta", folderName, "meta.json");
        if (!File.Exists(metaPath))
            throw new ArgumentException($"The Docker context '{name}', named by {namedBy}, does not exist ({metaPath} is not there). Choose one of 'docker context ls' with 'docker context use', or unset it.");

        var meta = Read(metaPath, DockerJson.Default.DockerContextMeta);
        if (meta.Endpoints is null || !meta.Endpoints.TryGetValue("docker", out var endpoint) || string.IsNullOrEmpty(endpoint.Host))
            throw new ArgumentException($"The Docker context '{name}', named by {namedBy}, has no Docker endpoint in {metaPath}. Create it again with 'docker context create'.");

        var tls = DockerTlsMaterial.FromFolder(Path.Combine(configFolder, "contexts", "tls", folderName, "docker"), endpoint.SkipTlsVerify);
        return DockerEndpointParser.Parse(endpoint.Host, $"context '{name}'", tls.HasAny || tls.SkipVerify ? tls : null);
    }

    private static T Read<T>(string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type)
                ?? throw new ArgumentException($"Docker's file {path} is empty. Correct or remove it.");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"Docker's file {path} cannot be read: {exception.Message} Correct or remove it.", exception);
        }
    }
}
