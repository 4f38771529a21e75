namespace FlourishaSandbox.Agents;

/// <summary>With which exit codes an agent ends, and its sandbox with it.</summary>
internal static class AgentExit
{
    /// <summary>Its deadline passed; 124, as <c>timeout</c> has it.</summary>
    public const int Deadline = 124;
}
