namespace FlourishaSandbox.Agent.Processes;

/// <summary>What the kernel says about a process.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Name">Its name: at most 15 bytes, chosen by the process.</param>
/// <param name="State">A letter.</param>
/// <param name="ParentPid">Its parent's number.</param>
/// <param name="StartTime">When it started, in the kernel's own unit: with the number it tells a process from a later one.</param>
internal sealed record ProcessEntry(int Pid, string Name, char State, int ParentPid, string StartTime)
{
    /// <summary>Whether it has ended, and merely waits to be asked for its status.</summary>
    public bool IsDead => State is 'Z' or 'X';
}
