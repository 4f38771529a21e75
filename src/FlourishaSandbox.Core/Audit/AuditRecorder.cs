using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Audit;

/// <summary>Writes down actions: before they are done, and when they have ended.</summary>
/// <param name="settings">Where to, and what is masked.</param>
/// <param name="owner">Who makes sandboxes.</param>
/// <param name="engine">The engine's address.</param>
internal sealed class AuditRecorder(AuditSettings settings, string owner, string engine)
{
    // So that a line stays one that people and tools can read. A script of megabytes is known by its beginning.
    private const int LongestText = 4096;

    private static readonly string s_run = Guid.NewGuid().ToString("N")[..12];
    private static readonly string? s_remote = Environment.GetEnvironmentVariable("SSH_CONNECTION")?.Split(' ')[0] is { Length: > 0 } remote ? remote : null;
    private static long s_count;

    private readonly AuditFile _file = new(settings);
    private readonly SecretMask _mask = new(settings.MaskPatterns);

    /// <summary>Does something and writes down that it is done, and how it ended.</summary>
    /// <param name="action">What is done.</param>
    /// <param name="work">Does it.</param>
    /// <param name="ended">What the result has to add; null for nothing.</param>
    /// <returns>The result.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.AuditFailed"/>: it could not be written down, and was not begun.</exception>
    public async Task<T> RecordAsync<T>(AuditedAction action, Func<Task<T>> work, Func<T, AuditedEnd>? ended = null)
    {
        var begin = Begin(action);
        var started = Stopwatch.GetTimestamp();
        try
        {
            var result = await work().ConfigureAwait(false);
            var end = ended?.Invoke(result) ?? default;
            End(begin, started, end.TimedOut ? SandboxEventResult.TimedOut : SandboxEventResult.Succeeded, end);
            return result;
        }
        catch (Exception e)
        {
            End(begin, started, e is OperationCanceledException ? SandboxEventResult.Cancelled : SandboxEventResult.Failed, default, e);
            throw;
        }
    }

    /// <summary>Does something without a result, and writes it down likewise.</summary>
    public Task RecordAsync(AuditedAction action, Func<Task> work) =>
        RecordAsync(action, async () =>
        {
            await work().ConfigureAwait(false);
            return true;
        });

    private AuditLine Begin(AuditedAction action)
    {
        var detail = action.Detail.Where(each => each.Value is not null).ToDictionary(each => each.Key, each => Tidy(each.Value!));
        var line = new AuditLine
        {
            Id = $"{s_run}-{Interlocked.Increment(ref s_count):x}",
            Phase = AuditLine.Begin,
            Time = DateTimeOffset.UtcNow,
            Action = action.Name,
            Sandbox = action.Sandbox?.Name,
            SandboxId = action.Sandbox?.Id,
            Engine = engine,
            Owner = owner,
            User = Environment.UserName,
            Machine = Environment.MachineName,
            Remote = s_remote,
            Client = AuditClient.Current,
            Process = Environment.ProcessId,
            Detail = detail.Count == 0 ? null : detail,
        };

        if (AuditEventSource.Log.IsEnabled())
            AuditEventSource.Log.Begin(line.Id, line.Action, line.Sandbox ?? "", line.SandboxId ?? "", owner, line.Client, string.Join(' ', detail.Select(each => $"{each.Key}={each.Value}")));

        try
        {
            Write(line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!action.Frees)
                throw new SandboxException(SandboxError.AuditFailed, $"What is done to sandboxes is to be written down in '{_file.Path}', and that failed: {e.Message} So it was not done.", _file.Path, "Make room or set the file's permissions, name another file in FLOURISHA_AUDIT, or set that to 'off'.", e);

            AuditEventSource.Log.LineLost(line.Id, e.Message);
        }

        return line;
    }

    private void End(AuditLine begin, long started, SandboxEventResult result, AuditedEnd end, Exception? failure = null)
    {
        var line = begin with
        {
            Phase = AuditLine.End,
            Time = DateTimeOffset.UtcNow,
            Sandbox = end.Sandbox?.Name ?? begin.Sandbox,
            SandboxId = end.Sandbox?.Id ?? begin.SandboxId,
            Detail = null, // said already, and there may be much of it
            Result = result,
            DurationMs = Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 3),
            ExitCode = end.ExitCode,
            Error = (failure as SandboxException)?.Error.ToString() ?? failure?.GetType().Name,
            Message = failure is null ? null : Tidy(failure.Message),
        };

        if (AuditEventSource.Log.IsEnabled())
            AuditEventSource.Log.End(line.Id, line.Action, line.Sandbox ?? "", line.SandboxId ?? "", result.ToString(), line.DurationMs.Value, line.ExitCode ?? -1, line.Error ?? "");

        try
        {
            Write(line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is done, and its result counts more than this; the reader sees that it never ended.
            AuditEventSource.Log.LineLost(line.Id, e.Message);
        }
    }

    private void Write(AuditLine line)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
            JsonSerializer.Serialize(writer, line, AuditJson.Default.AuditLine);

        buffer.Write("\n"u8);
        _file.Append(buffer.WrittenSpan);
    }

    // Masked before it is cut: half a secret is one too.
    private string Tidy(string text)
    {
        var masked = _mask.Apply(text.Length > 4 * LongestText ? text[..(4 * LongestText)] : text);
        return masked.Length > LongestText ? masked[..LongestText] + "…" : masked;
    }
}
