namespace FlourishaSandbox.Cli.Json;

/// <summary>What standard error gets when something fails.</summary>
/// <param name="Error">The failure.</param>
internal sealed record ErrorEnvelope(ErrorDocument Error);

/// <summary>A failure.</summary>
/// <param name="Id">Its name, one of <see cref="Sandboxes.SandboxError"/>.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Remedy">What to do next, or null.</param>
internal sealed record ErrorDocument(string Id, string Message, string? Remedy);
