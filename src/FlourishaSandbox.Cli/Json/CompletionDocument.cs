namespace FlourishaSandbox.Cli.Json;

/// <summary>A shell's completion.</summary>
/// <param name="Shell">The shell.</param>
/// <param name="Script">What it is to read.</param>
internal sealed record CompletionDocument(string Shell, string Script);
