using System.Text;
using FlourishaSandbox.Agent.Files.Interop;
using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd.Connect;
using Microsoft.AspNetCore.Http;

namespace FlourishaSandbox.Agent.Files;

/// <summary>What clients say about files beside their content, as E2B's protocol keeps it: in extended attributes, so that it moves with the file.</summary>
internal static unsafe class FileMetadata
{
    private const string HeaderPrefix = "X-Metadata-";
    private const string AttributePrefix = "user.e2b.";

    // The kernel's limits: a name, and all names together. Of a value, more than a header has room for is of no interest.
    private const int LongestAttribute = 255;
    private const int LongestList = 64 << 10;
    private const int LongestValue = 32 << 10;

    /// <summary>Reads what a request says about the files that it brings.</summary>
    /// <exception cref="ConnectException"><see cref="ConnectCode.InvalidArgument"/>: it cannot be kept.</exception>
    public static IReadOnlyDictionary<string, string> FromHeaders(IHeaderDictionary headers)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in headers)
        {
            if (!name.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase))
                continue;

            var key = name[HeaderPrefix.Length..].ToLowerInvariant();
            var value = values[0] ?? "";
            if (key.Length == 0 || AttributePrefix.Length + key.Length > LongestAttribute || value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
                throw new ConnectException(ConnectCode.InvalidArgument, $"invalid metadata: '{name}' needs a name of at most {LongestAttribute - AttributePrefix.Length} characters and a value of printable ones");

            metadata[key] = value;
        }

        return metadata;
    }

    /// <summary>Replaces all that is kept about a file.</summary>
    /// <exception cref="ConnectException">There is no space for it.</exception>
    public static void Write(OpenFile file, IReadOnlyDictionary<string, string> metadata, string path)
    {
        foreach (var name in Names((data, size) => FileCalls.ListAttributes(file.Descriptor, data, size)))
        {
            fixed (byte* pointer = PathBytes.From(name))
                _ = FileCalls.RemoveAttribute(file.Descriptor, pointer);
        }

        foreach (var (key, value) in metadata)
        {
            var bytes = Encoding.ASCII.GetBytes(value);
            fixed (byte* name = PathBytes.From(AttributePrefix + key))
            fixed (byte* data = bytes)
            {
                if (FileCalls.SetAttribute(file.Descriptor, name, data, (nuint)bytes.Length, 0) == 0)
                    continue;

                // Some file systems keep none. The content is what matters, and the answer says what was kept.
                if (Errno.Last != Errno.NotSupported)
                    throw Errno.ToException(Errno.Last == Errno.ListTooLong ? Errno.NoSpace : Errno.Last, path);
            }
        }
    }

    /// <summary>Reads what is kept about what is at a path, a link itself.</summary>
    /// <returns>Null where that is nothing.</returns>
    public static IReadOnlyDictionary<string, string>? Read(string path)
    {
        fixed (byte* pointer = PathBytes.From(path))
        {
            var at = pointer;
            Dictionary<string, string>? metadata = null;
            foreach (var name in Names((data, size) => FileCalls.ListAttributes(at, data, size)))
            {
                if (ReadValue(at, name) is { } value)
                    (metadata ??= new(StringComparer.Ordinal))[name[AttributePrefix.Length..]] = value;
            }

            return metadata;
        }
    }

    private static string? ReadValue(byte* path, string name)
    {
        var buffer = new byte[LongestValue];
        fixed (byte* attribute = PathBytes.From(name))
        fixed (byte* data = buffer)
        {
            var length = FileCalls.GetAttribute(path, attribute, data, (nuint)buffer.Length);
            return length < 0 ? null : PathBytes.ToText(buffer.AsSpan(0, (int)length));
        }
    }

    private static List<string> Names(ListCall list)
    {
        // Nearly no file has any, so that the kernel is asked first how many there are.
        var size = list(null, 0);
        if (size is <= 0 or > LongestList)
            return [];

        var buffer = new byte[size];
        fixed (byte* data = buffer)
            size = list(data, (nuint)buffer.Length);

        return [.. PathBytes.ToText(buffer.AsSpan(0, (int)Math.Max(0, size))).Split('\0').Where(name => name.Length > AttributePrefix.Length && name.StartsWith(AttributePrefix, StringComparison.Ordinal))];
    }

    private delegate nint ListCall(byte* data, nuint size);
}
