namespace FlourishaSandbox.Sandboxes;

/// <summary>The process that makes a sandbox, as its labels name it. Nothing of it is secret.</summary>
/// <param name="Session">The process's mark, which no other process has: 32 hexadecimal digits.</param>
/// <param name="Process">Which process of which machine; see <see cref="Sessions.ProcessIdentity"/>.</param>
public sealed record SandboxMaker(string Session, string Process);
