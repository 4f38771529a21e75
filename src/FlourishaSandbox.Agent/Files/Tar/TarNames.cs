using FlourishaSandbox.Agent.Files.Interop;

namespace FlourishaSandbox.Agent.Files.Tar;

/// <summary>Names of entries: ways down from the folder that is unpacked into, and nothing else.</summary>
internal static class TarNames
{
    private const int LongestComponent = 255;

    /// <summary>Checks a name, and takes it apart.</summary>
    /// <param name="name">The name as the stream has it.</param>
    /// <param name="folder">The way to the folder that it is in; may hold doubled slashes and dots.</param>
    /// <param name="last">The last component; empty where the name means the first folder itself.</param>
    /// <exception cref="Envd.Connect.ConnectException">It leads elsewhere.</exception>
    public static void Split(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> folder, out ReadOnlySpan<byte> last)
    {
        if (name is [(byte)'/', ..])
            throw TarHeaders.Invalid($"'{PathBytes.ToText(name)}' is an absolute path");

        if (name.Length == 0)
            throw TarHeaders.Invalid("an entry has no name");

        var rest = name;
        while (rest.Length > 0)
        {
            var component = TakeFirst(ref rest);
            if (component.SequenceEqual(".."u8))
                throw TarHeaders.Invalid($"'{PathBytes.ToText(name)}' leads up with '..'");

            if (component.Length > LongestComponent)
                throw TarHeaders.Invalid("a name has more than 255 bytes between its slashes");
        }

        folder = name;
        do
        {
            folder = folder.TrimEnd((byte)'/');
            var slash = folder.LastIndexOf((byte)'/');
            last = folder[(slash + 1)..];
            folder = folder[..Math.Max(0, slash)];
        }
        while (last.SequenceEqual("."u8) && folder.Length > 0);

        if (last.SequenceEqual("."u8))
            last = default;
    }

    /// <summary>Takes the first component off a way.</summary>
    /// <returns>The component; empty for what means nothing.</returns>
    public static ReadOnlySpan<byte> TakeFirst(ref ReadOnlySpan<byte> path)
    {
        var slash = path.IndexOf((byte)'/');
        var first = slash < 0 ? path : path[..slash];
        path = slash < 0 ? default : path[(slash + 1)..];
        return first.SequenceEqual("."u8) ? default : first;
    }
}
