using System.Runtime.InteropServices;

namespace FlourishaSandbox.Agent.Files.Interop;

/// <summary>What statx tells: the same layout on every processor.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStat
{
    private const int TypeMask = 0xF000;

    [FieldOffset(16)]
    public uint Links;

    [FieldOffset(20)]
    public uint User;

    [FieldOffset(24)]
    public uint Group;

    [FieldOffset(28)]
    public ushort Mode;

    [FieldOffset(32)]
    public ulong Inode;

    [FieldOffset(40)]
    public long Size;

    [FieldOffset(48)]
    public long Blocks;

    [FieldOffset(96)]
    public long ChangedSeconds;

    [FieldOffset(104)]
    public uint ChangedNanoseconds;

    [FieldOffset(112)]
    public long ModifiedSeconds;

    [FieldOffset(120)]
    public uint ModifiedNanoseconds;

    [FieldOffset(136)]
    public ulong Device;

    public readonly bool IsFile => (Mode & TypeMask) == 0x8000;

    public readonly bool IsFolder => (Mode & TypeMask) == 0x4000;

    public readonly bool IsLink => (Mode & TypeMask) == 0xA000;

    /// <summary>As <c>ls</c> has it: <c>-</c>, <c>d</c>, <c>l</c>, <c>p</c>, <c>s</c>, <c>c</c> or <c>b</c>.</summary>
    public readonly char TypeLetter => (Mode & TypeMask) switch
    {
        0x8000 => '-',
        0x4000 => 'd',
        0xA000 => 'l',
        0x1000 => 'p',
        0xC000 => 's',
        0x2000 => 'c',
        0x6000 => 'b',
        _ => '?',
    };

    public readonly bool IsSame(in FileStat other) => Inode == other.Inode && Device == other.Device;
}
