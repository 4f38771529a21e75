using System.Text.Json;

namespace FlourishaSandbox.Audit;

/// <summary>Makes events of lines: of the two lines of an action one event.</summary>
internal sealed class AuditReader
{
    private readonly Dictionary<string, AuditLine> _begun = new(StringComparer.Ordinal);

    /// <summary>The actions whose end has not been read.</summary>
    public IEnumerable<SandboxEvent> Unfinished => _begun.Values.Select(begin => ToEvent(begin, end: null));

    /// <summary>Reads a line.</summary>
    /// <param name="text">The line.</param>
    /// <returns>The event that ends with it; null where it begins one, or is none: a line that was torn, or of a form that is not known.</returns>
    public SandboxEvent? Read(ReadOnlySpan<byte> text)
    {
        AuditLine? line;
        try
        {
            line = JsonSerializer.Deserialize(text, AuditJson.Default.AuditLine);
        }
        catch (JsonException)
        {
            return null;
        }

        if (line is null)
            return null;

        if (line.Phase == AuditLine.Begin)
        {
            _begun[line.Id] = line;
            return null;
        }

        // Where its beginning has been rotated away, the end tells enough.
        _begun.Remove(line.Id, out var begin);
        if (line is { Action: AuditedPool.Claim, Result: SandboxEventResult.Succeeded, SandboxId: null })
            return null; // nothing waited that could be claimed, so a sandbox was made

        return ToEvent(begin ?? line with { Time = line.Time - TimeSpan.FromMilliseconds(line.DurationMs ?? 0) }, line);
    }

    private static SandboxEvent ToEvent(AuditLine begin, AuditLine? end) => new()
    {
        Time = begin.Time,
        Origin = SandboxEventOrigin.Audit,
        Action = begin.Action,
        Sandbox = end?.Sandbox ?? begin.Sandbox ?? begin.Detail?.GetValueOrDefault("name"),
        SandboxId = end?.SandboxId ?? begin.SandboxId,
        Result = end?.Result ?? SandboxEventResult.Unfinished,
        Duration = end?.DurationMs is { } duration ? TimeSpan.FromMilliseconds(duration) : null,
        ExitCode = end?.ExitCode,
        Error = end?.Error,
        Message = end?.Message,
        Detail = begin.Detail ?? [],
        Owner = begin.Owner,
        User = begin.User,
        Machine = begin.Machine,
        Remote = begin.Remote,
        Client = begin.Client,
        Process = begin.Process,
        Engine = begin.Engine,
    };
}
