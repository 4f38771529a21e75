using System.Buffers.Binary;

namespace FlourishaSandbox.Browser.Tests;

/// <summary>Reads as much of a PNG as tests want to know.</summary>
internal static class Png
{
    public static (int Width, int Height) SizeOf(string path)
    {
        var bytes = File.ReadAllBytes(path);
        Assert.Equal("PNG"u8, bytes.AsSpan(1, 3));
        return (BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(20)));
    }
}
