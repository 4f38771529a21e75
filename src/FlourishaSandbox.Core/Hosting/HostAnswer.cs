namespace FlourishaSandbox.Hosting;

/// <summary>What one request to an address came to.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Words">The same as the end of a sentence; what comes from the sandbox in it can be shown.</param>
/// <param name="Status">The status, where there was one.</param>
/// <param name="Reason">The gateway's reason, where it answered for the app.</param>
internal sealed record HostAnswer(HostAnswerKind Kind, string Words, int? Status = null, string? Reason = null);
