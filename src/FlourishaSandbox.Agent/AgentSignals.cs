using System.Buffers.Binary;
using FlourishaSandbox.Agent.Native;

namespace FlourishaSandbox.Agent;

/// <summary>The signals that mean something to the agent. They are blocked before its first thread starts, see Native/entry.c, and read here.</summary>
internal static class AgentSignals
{
    private const int ChildEnded = 17;
    private const int RecordLength = 128;
    private const int SenderOffset = 12;
    private const int InitProcess = 1;

    /// <summary>Reads signals from now on.</summary>
    /// <param name="reactor">Whose thread reads.</param>
    /// <param name="childEnded">What to call when a child has ended.</param>
    /// <param name="terminated">What to call when somebody asks the agent to end.</param>
    public static void Watch(Reactor reactor, Action childEnded, Action terminated)
    {
        var descriptor = FlourishaNative.OpenSignals();
        if (descriptor < 0)
            throw Errno.ToException(-descriptor, "signals could not be read");

        reactor.Add(descriptor, EpollEvents.In, _ => Read(descriptor, childEnded, terminated));
    }

    private static unsafe void Read(int descriptor, Action childEnded, Action terminated)
    {
        var buffer = stackalloc byte[RecordLength];
        var record = new ReadOnlySpan<byte>(buffer, RecordLength);
        while (LibC.Read(descriptor, buffer, RecordLength) == RecordLength)
        {
            if (BinaryPrimitives.ReadInt32LittleEndian(record) == ChildEnded)
                childEnded();

            // As process 1, what comes from outside has no sender that we could see. A sandbox's own `kill -1` must not end the sandbox.
            else if (LibC.GetProcessId() != InitProcess || BinaryPrimitives.ReadInt32LittleEndian(record[SenderOffset..]) == 0)
                terminated();
        }
    }
}
