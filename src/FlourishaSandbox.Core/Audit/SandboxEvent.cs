using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Audit;

/// <summary>Something that was done to a sandbox, or happened to it.</summary>
public sealed record SandboxEvent
{
    /// <summary>When it began.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Who tells of it.</summary>
    public required SandboxEventOrigin Origin { get; init; }

    /// <summary>What it was: <c>create</c>, <c>exec</c>, <c>remove</c> and so on; of an engine, in its own words: <c>die</c>, <c>oom</c>, <c>destroy</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The sandbox's name; null for what is about none, such as building an image.</summary>
    public string? Sandbox { get; init; }

    /// <summary>The sandbox's id; null where it never got one.</summary>
    public string? SandboxId { get; init; }

    /// <summary>How it ended.</summary>
    public SandboxEventResult Result { get; init; }

    /// <summary>How long it took; null where it has not ended, and for events of an engine.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The exit code of a command, or of a sandbox that ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The failure, by the name that <see cref="SandboxError"/> has for it.</summary>
    public string? Error { get; init; }

    /// <summary>The failure's words, with secrets masked.</summary>
    public string? Message { get; init; }

    /// <summary>What else matters: the command, paths, limits. Secrets are masked.</summary>
    public IReadOnlyDictionary<string, string> Detail { get; init; } = new Dictionary<string, string>();

    /// <summary>Who makes sandboxes there.</summary>
    public string? Owner { get; init; }

    /// <summary>The operating system's user who did it.</summary>
    public string? User { get; init; }

    /// <summary>The machine on which it was done.</summary>
    public string? Machine { get; init; }

    /// <summary>The address from which that user had come by ssh.</summary>
    public string? Remote { get; init; }

    /// <summary>The cmdlet or verb by which it was done.</summary>
    public string? Client { get; init; }

    /// <summary>The number of the process that did it.</summary>
    public int? Process { get; init; }

    /// <summary>The engine's address.</summary>
    public string? Engine { get; init; }

    /// <summary>How it ended, in a word or two.</summary>
    /// <returns>For example <c>ok</c>, <c>exit 1</c>, <c>PathNotFound</c>, <c>TimedOut</c>; <c>engine</c> for what an engine tells.</returns>
    public string DescribeResult() => (Origin, Result) switch
    {
        (SandboxEventOrigin.Engine, _) => ExitCode is { } code ? $"engine: {code}" : "engine",
        (_, SandboxEventResult.Succeeded) => ExitCode is null or 0 ? "ok" : $"exit {ExitCode}",
        _ => Error ?? Result.ToString(),
    };

    /// <summary>What it was about, in a line; it may hold what a sandbox or its user wrote.</summary>
    /// <returns>The command or path, else all that is known.</returns>
    public string DescribeDetail() =>
        Detail.GetValueOrDefault("command") ?? Detail.GetValueOrDefault("path") ?? string.Join(' ', Detail.Where(each => each.Key != "name").Select(each => $"{each.Key}={each.Value}"));
}
