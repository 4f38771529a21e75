namespace FlourishaSandbox.Sandboxes;

/// <summary>What became of one of several copies of a sandbox: either it is there, or the reason why it is not.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sandbox">The copy; null where it failed.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
public sealed record SandboxCopy(string Name, Sandbox? Sandbox, SandboxException? Failure);
