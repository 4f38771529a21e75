namespace FlourishaSandbox.Agents;

/// <summary>With which exit codes an agent ends, and its sandbox with it.</summary>
internal static class AgentExit
{
    /// <summary>Its deadline passed; 124, as <c>timeout</c> has it.</summary>
    public const int Deadline = 124;

    /// <summary>It was asked to, by us or by its engine; 128 and SIGTERM's number, with which an agentless sandbox ends too.</summary>
    public const int Asked = 143;
}
