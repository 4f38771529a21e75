namespace FlourishaSandbox.Envd;

/// <summary>The answer of a call that has nothing to say.</summary>
public sealed record EmptyMessage;
