using System.Text.Json.Serialization;

namespace FlourishaSandbox.Docker;

/// <summary>An image in a list.</summary>
internal sealed record ImageSummary
{
    /// <summary>The full id, with <c>sha256:</c>.</summary>
    public string Id { get; init; } = "";

    /// <summary>Its names.</summary>
    public IReadOnlyList<string> RepoTags { get; init => field = value ?? []; } = [];

    /// <summary>When it was made, in seconds since 1970.</summary>
    public long Created { get; init; }

    /// <summary>The size, in bytes.</summary>
    public long Size { get; init; }

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();
}

/// <summary>Everything about an image.</summary>
internal sealed record ImageInspection
{
    /// <summary>The full id, with <c>sha256:</c>.</summary>
    public string Id { get; init; } = "";

    /// <summary>Its names.</summary>
    public IReadOnlyList<string> RepoTags { get; init => field = value ?? []; } = [];

    /// <summary>When it was made; null where the image does not say.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The size, in bytes.</summary>
    public long Size { get; init; }

    /// <summary>The processor, such as <c>amd64</c>.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>The system, such as <c>linux</c>.</summary>
    public string Os { get; init; } = "";

    /// <summary>What it says about the process to run.</summary>
    public ContainerConfig Config { get; init => field = value ?? new(); } = new();
}

/// <summary>An image to build.</summary>
internal sealed record ImageBuildRequest
{
    /// <summary>The names for it.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The Dockerfile's path in the context.</summary>
    public string Dockerfile { get; init; } = "Dockerfile";

    /// <summary>Values for the Dockerfile's ARGs.</summary>
    public Dictionary<string, string>? BuildArgs { get; init; }

    /// <summary>Labels.</summary>
    public Dictionary<string, string>? Labels { get; init; }

    /// <summary>The stage to build; null for the last.</summary>
    public string? Target { get; init; }

    /// <summary>Whether every step is done anew.</summary>
    public bool NoCache { get; init; }

    /// <summary>Whether base images are fetched even where they are there.</summary>
    public bool Pull { get; init; }

    /// <summary>The network of the steps; null for the engine's default.</summary>
    public string? NetworkMode { get; init; }
}

/// <summary>A piece of news from a pull or a build.</summary>
/// <param name="Id">What it is about, such as a layer; null for the whole.</param>
/// <param name="Status">What is being done; null for a build's output.</param>
/// <param name="Stream">A build's output, with its line ends; null for a pull.</param>
/// <param name="Current">How much is done, in bytes; null where it is not counted.</param>
/// <param name="Total">How much there is to do, in bytes; null where it is not known.</param>
/// <param name="AuxId">The id of the image that was made; null before.</param>
internal sealed record DockerProgress(string? Id, string? Status, string? Stream, long? Current, long? Total, string? AuxId);

/// <summary>A line of a pull or a build as the engine writes it.</summary>
internal sealed record ProgressLine
{
    /// <summary>What the line is about.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>What is being done.</summary>
    [JsonPropertyName("status")]
    public string? Status { get; init; }

    /// <summary>A build's output.</summary>
    [JsonPropertyName("stream")]
    public string? Stream { get; init; }

    /// <summary>How much is done.</summary>
    [JsonPropertyName("progressDetail")]
    public ProgressDetail? Detail { get; init; }

    /// <summary>What a build has made.</summary>
    [JsonPropertyName("aux")]
    public ProgressAux? Aux { get; init; }

    /// <summary>Why it failed; null while it does not.</summary>
    [JsonPropertyName("error")]
    public string? Error { get; init; }
}

/// <summary>How much of a layer is done.</summary>
internal sealed record ProgressDetail
{
    /// <summary>Bytes done.</summary>
    [JsonPropertyName("current")]
    public long? Current { get; init; }

    /// <summary>Bytes in all.</summary>
    [JsonPropertyName("total")]
    public long? Total { get; init; }
}

/// <summary>What a build has made.</summary>
internal sealed record ProgressAux
{
    /// <summary>The image's id.</summary>
    public string? ID { get; init; }
}
