namespace FlourishaSandbox.Cli.Terminal;

/// <summary>Whoever read our output has gone, as <c>head</c> does when it has seen enough. Nobody is left to be told, so nothing is.</summary>
internal sealed class ClosedOutputException() : IOException("Nobody reads the output any more.");
