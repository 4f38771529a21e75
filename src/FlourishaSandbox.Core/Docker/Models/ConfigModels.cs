using System.Text.Json.Serialization;

namespace FlourishaSandbox.Docker;

/// <summary>What is read of Docker's <c>config.json</c>.</summary>
internal sealed record DockerConfigFile
{
    /// <summary>The current context's name.</summary>
    [JsonPropertyName("currentContext")]
    public string? CurrentContext { get; init; }
}

/// <summary>What is read of a context's <c>meta.json</c>.</summary>
internal sealed record DockerContextMeta
{
    /// <summary>The endpoints by kind; the engine's is <c>docker</c>.</summary>
    public Dictionary<string, DockerContextEndpoint>? Endpoints { get; init; }
}

/// <summary>An endpoint of a context.</summary>
internal sealed record DockerContextEndpoint
{
    /// <summary>The address.</summary>
    public string? Host { get; init; }

    /// <summary>Whether any certificate of the engine is accepted.</summary>
    [JsonPropertyName("SkipTLSVerify")]
    public bool SkipTlsVerify { get; init; }
}

/// <summary>The body of a refusal.</summary>
internal sealed record EngineErrorBody
{
    /// <summary>The engine's words.</summary>
    [JsonPropertyName("message")]
    public string? Message { get; init; }
}
