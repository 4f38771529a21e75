using System.Text;
using FlourishaSandbox.Agent.Native;

namespace FlourishaSandbox.Agent;

/// <summary>Lines for whoever looks after the sandbox: standard error, which is the container's log.</summary>
internal static class AgentLog
{
    private const int StandardError = 2;

    /// <summary>Writes a line. Says nothing secret and nothing that a client sent but paths.</summary>
    /// <param name="text">The line.</param>
    public static unsafe void Write(string text)
    {
        var line = Encoding.UTF8.GetBytes($"flourisha-agent: {text}\n");
        fixed (byte* first = line)
            // A log that nobody takes is no reason to stop.
            LibC.Write(StandardError, first, (nuint)line.Length);
    }
}
