namespace FlourishaSandbox.Hosting;

/// <summary>Why an address does not answer.</summary>
/// <param name="Reason">As the end of a sentence, with what the server wrote last.</param>
/// <param name="Remedy">What to do about it.</param>
internal sealed record HostTrouble(string Reason, string Remedy);
