using System.Diagnostics.Tracing;

namespace FlourishaSandbox.Audit;

/// <summary>
/// What is done to sandboxes as structured events of this process, under the name <c>FlourishaSandbox</c>, for whoever listens:
/// <c>dotnet-trace</c>, an event listener, a monitor of the host's. The same fields as in the file.
/// </summary>
[EventSource(Name = "FlourishaSandbox")]
internal sealed class AuditEventSource : EventSource
{
    /// <summary>The one there is.</summary>
    public static readonly AuditEventSource Log = new();

    private AuditEventSource()
    {
    }

    /// <summary>An action begins.</summary>
    [Event(1, Level = EventLevel.Informational)]
    public void Begin(string id, string action, string sandbox, string sandboxId, string owner, string client, string detail) =>
        WriteEvent(1, id, action, sandbox, sandboxId, owner, client, detail);

    /// <summary>An action has ended.</summary>
    [Event(2, Level = EventLevel.Informational)]
    public void End(string id, string action, string sandbox, string sandboxId, string result, double durationMs, int exitCode, string error) =>
        WriteEvent(2, id, action, sandbox, sandboxId, result, durationMs, exitCode, error);

    /// <summary>A line could not be written although its action is over.</summary>
    [Event(3, Level = EventLevel.Error)]
    public void LineLost(string id, string reason) => WriteEvent(3, id, reason);
}
