namespace FlourishaSandbox.Sandboxes;

/// <summary>How far an operation has come.</summary>
/// <param name="Activity">What is being done, the same text from begin to end, for example <c>Pulling debian:bookworm-slim</c>.</param>
/// <param name="Status">What is going on just now.</param>
public sealed record OperationProgress(string Activity, string Status)
{
    /// <summary>The part that this is about, such as an image's layer; null for the whole.</summary>
    public string? Part { get; init; }

    /// <summary>Bytes or steps done; null where it cannot be told.</summary>
    public long? Done { get; init; }

    /// <summary>Bytes or steps in all; null where it cannot be told.</summary>
    public long? Total { get; init; }

    /// <summary>Whether <see cref="Status"/> begins a new step that is worth a line in a log, as of an image's build.</summary>
    public bool BeginsStep { get; init; }

    /// <summary>Whether this activity, or this part of it, has ended.</summary>
    public bool Completed { get; init; }
}
