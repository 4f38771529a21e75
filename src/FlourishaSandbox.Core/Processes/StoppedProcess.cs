namespace FlourishaSandbox.Processes;

/// <summary>What ending a process came to.</summary>
/// <param name="Process">The process, as it is now.</param>
/// <param name="Killed">Everything that was ended with it, itself included.</param>
public sealed record StoppedProcess(SandboxProcess Process, IReadOnlyList<EndedProcess> Killed);

/// <summary>A process that was ended together with the one that had started it.</summary>
/// <param name="Id">Its number in the sandbox.</param>
/// <param name="Name">Its name, as the process had it; the process chose it.</param>
public sealed record EndedProcess(int Id, string Name)
{
    /// <summary>Name and number.</summary>
    /// <returns>For example <c>node (17)</c>.</returns>
    public override string ToString() => $"{Name} ({Id})";
}
