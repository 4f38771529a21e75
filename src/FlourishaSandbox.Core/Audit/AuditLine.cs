using System.Text.Json.Serialization;

namespace FlourishaSandbox.Audit;

/// <summary>
/// A line of the file. An action has two, which share their <see cref="Id"/>: one when it begins and one when it has ended, so that a
/// process that is killed in between has still told what it was about to do. Each can be read without the other.
/// </summary>
internal sealed record AuditLine
{
    /// <summary>The phase of a line that is written before the action.</summary>
    public const string Begin = "begin";

    /// <summary>The phase of a line that is written after the action.</summary>
    public const string End = "end";

    /// <summary>The version of this form.</summary>
    [JsonPropertyName("v")]
    public int Version { get; init; } = 1;

    /// <summary>What the two lines of an action share.</summary>
    public required string Id { get; init; }

    /// <summary><see cref="Begin"/> or <see cref="End"/>.</summary>
    public required string Phase { get; init; }

    /// <summary>When the line was written, in UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What is done, such as <c>exec</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The sandbox's name.</summary>
    public string? Sandbox { get; init; }

    /// <summary>The sandbox's id.</summary>
    public string? SandboxId { get; init; }

    /// <summary>The engine's address.</summary>
    public string? Engine { get; init; }

    /// <summary>The owner, as sandboxes have one.</summary>
    public string? Owner { get; init; }

    /// <summary>The operating system's user.</summary>
    public string? User { get; init; }

    /// <summary>The machine.</summary>
    public string? Machine { get; init; }

    /// <summary>The address from which the user came to this machine by ssh.</summary>
    public string? Remote { get; init; }

    /// <summary>The cmdlet or verb.</summary>
    public string? Client { get; init; }

    /// <summary>The process's number on its machine.</summary>
    public int Process { get; init; }

    /// <summary>What else matters, with secrets masked.</summary>
    public Dictionary<string, string>? Detail { get; init; }

    /// <summary>How it ended.</summary>
    public SandboxEventResult? Result { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public double? DurationMs { get; init; }

    /// <summary>The exit code of a command.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The failure's name.</summary>
    public string? Error { get; init; }

    /// <summary>The failure's words, with secrets masked.</summary>
    public string? Message { get; init; }
}

/// <summary>How lines are written and read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(AuditLine))]
internal sealed partial class AuditJson : JsonSerializerContext;
