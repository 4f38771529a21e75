using System.Buffers;
using System.Text;
using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd;

namespace FlourishaSandbox.Agent.Files.Interop;

/// <summary>Paths as the kernel takes them: bytes with a NUL at the end.</summary>
internal static class PathBytes
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>A path's bytes, with the NUL.</summary>
    public static byte[] From(string path)
    {
        var bytes = new byte[s_utf8.GetByteCount(path) + 1];
        s_utf8.GetBytes(path, bytes);
        return bytes;
    }

    /// <summary>A path's bytes, with the NUL.</summary>
    public static byte[] From(ReadOnlySpan<byte> path)
    {
        var bytes = new byte[path.Length + 1];
        path.CopyTo(bytes);
        return bytes;
    }

    /// <summary>The text of a name; what is not UTF-8 in it is replaced, as there is no other way to show it.</summary>
    public static string ToText(ReadOnlySpan<byte> name) => s_utf8.GetString(name);

    /// <summary>Where a link leads, as it says.</summary>
    /// <returns>The bytes without a NUL; null, and the error's number, where it cannot be read.</returns>
    public static unsafe byte[]? ReadLink(int folder, ReadOnlySpan<byte> pathAndNul, out int error)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(EnvdProtocol.MaximumPath + 1);
        try
        {
            fixed (byte* path = pathAndNul)
            fixed (byte* data = buffer)
            {
                var length = FileCalls.ReadLinkAt(folder, path, data, (nuint)buffer.Length);
                error = length < 0 ? Errno.Last : 0;
                return length < 0 ? null : buffer.AsSpan(0, (int)length).ToArray();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
