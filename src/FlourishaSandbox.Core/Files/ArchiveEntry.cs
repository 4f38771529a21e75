using System.Formats.Tar;

namespace FlourishaSandbox.Files;

/// <summary>What the head of a tar stream's entry says. Nothing of it is checked but that it can be read.</summary>
/// <param name="Type">What it is; may be no value that has a name.</param>
/// <param name="Name">Its name in the archive.</param>
/// <param name="LinkName">What a link leads to; empty for all others.</param>
/// <param name="Mode">The twelve bits of its mode.</param>
/// <param name="Modified">When its content last changed; cut to what a calendar holds.</param>
/// <param name="Size">The bytes of content that follow.</param>
internal sealed record ArchiveEntry(TarEntryType Type, string Name, string LinkName, UnixFileMode Mode, DateTimeOffset Modified, long Size);
