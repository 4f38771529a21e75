namespace FlourishaSandbox.Docker;

/// <summary>What a container's image says differently from the container. The engine adds what is not named: variables and labels one by one.</summary>
internal sealed record CommitRequest
{
    /// <summary>Environment variables as NAME=value.</summary>
    public List<string>? Env { get; init; }

    /// <summary>The command's words; an empty list leaves the container's.</summary>
    public List<string>? Cmd { get; init; }

    /// <summary>The entry point's words; an empty list takes the container's away.</summary>
    public List<string>? Entrypoint { get; init; }

    /// <summary>Labels.</summary>
    public Dictionary<string, string>? Labels { get; init; }
}
