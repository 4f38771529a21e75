namespace FlourishaSandbox.Images;

/// <summary>An image to be built.</summary>
public sealed record ImageBuild
{
    /// <summary>The name that the image gets, with its tag.</summary>
    public required string Name { get; init; }

    /// <summary>The template that it belongs to, or null.</summary>
    public string? Template { get; init; }

    /// <summary>The folder with everything that the Dockerfile may copy.</summary>
    public required string Folder { get; init; }

    /// <summary>The Dockerfile, relative to the folder.</summary>
    public string Dockerfile { get; init; } = "Dockerfile";

    /// <summary>Build arguments.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether to run every step again.</summary>
    public bool NoCache { get; init; }
}
