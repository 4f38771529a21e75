using FlourishaSandbox.Commands;

namespace FlourishaSandbox.Processes;

/// <summary>What receiving a process's output came to.</summary>
/// <param name="Offset">Bytes of output, to all streams together, up to which it was received: where the next receiving may begin.</param>
/// <param name="Lost">Bytes that were asked for and are no longer kept; they would have come first.</param>
/// <param name="Exit">How the process ended; null where it still runs.</param>
public sealed record ProcessReceipt(long Offset, long Lost, CommandExit? Exit);
