namespace FlourishaSandbox.Agent.Files.Watching;

/// <summary>What the kernel tells about a folder, and how it is asked.</summary>
[Flags]
internal enum InotifyEvents : uint
{
    None = 0,
    Modified = 0x2,
    AttributesChanged = 0x4,
    MovedFrom = 0x40,
    MovedTo = 0x80,
    Created = 0x100,
    Deleted = 0x200,
    SelfDeleted = 0x400,
    SelfMoved = 0x800,
    Unmounted = 0x2000,
    QueueOverflowed = 0x4000,
    Ignored = 0x8000,
    FoldersOnly = 0x0100_0000,
    DoNotFollow = 0x0200_0000,
    IsFolder = 0x4000_0000,

    /// <summary>All that is reported to clients.</summary>
    Reported = Modified | AttributesChanged | MovedFrom | MovedTo | Created | Deleted | SelfDeleted | SelfMoved,
}
