namespace FlourishaSandbox.Agent.Native;

/// <summary>What can happen to a descriptor.</summary>
[Flags]
internal enum EpollEvents : uint
{
    /// <summary>Nothing is waited for; a hang-up is told all the same.</summary>
    None = 0,

    /// <summary>There is something to read.</summary>
    In = 0x1,

    /// <summary>There is room to write.</summary>
    Out = 0x4,

    /// <summary>Something failed.</summary>
    Error = 0x8,

    /// <summary>The other side is gone.</summary>
    HangUp = 0x10,
}
