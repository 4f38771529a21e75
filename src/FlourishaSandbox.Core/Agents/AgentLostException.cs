namespace FlourishaSandbox.Agents;

/// <summary>A sandbox's agent could not be reached, or the connection to it was lost: perhaps the sandbox has ended.</summary>
/// <param name="message">What happened, as the end of a sentence.</param>
/// <param name="innerException">The cause.</param>
internal sealed class AgentLostException(string message, Exception? innerException = null) : Exception(message, innerException);
