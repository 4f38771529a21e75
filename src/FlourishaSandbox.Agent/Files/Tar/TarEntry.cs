namespace FlourishaSandbox.Agent.Files.Tar;

/// <summary>An entry of a tar stream, as its headers have it.</summary>
internal readonly ref struct TarEntry
{
    /// <summary>What it is: one of <see cref="TarFormat"/>'s.</summary>
    public byte Type { get; init; }

    /// <summary>Its name.</summary>
    public ReadOnlySpan<byte> Name { get; init; }

    /// <summary>Where a link leads.</summary>
    public ReadOnlySpan<byte> Link { get; init; }

    /// <summary>The length of its content.</summary>
    public long Size { get; init; }

    /// <summary>Its permission bits, without those that change who a program runs as.</summary>
    public uint Mode { get; init; }

    /// <summary>When it was last changed: seconds since 1970, and the nanoseconds beyond.</summary>
    public (long Seconds, long Nanoseconds) Modified { get; init; }
}
