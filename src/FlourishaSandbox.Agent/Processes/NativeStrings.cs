using System.Runtime.InteropServices;
using System.Text;

namespace FlourishaSandbox.Agent.Processes;

/// <summary>Strings as C has them: an array of pointers that ends with null.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly byte** _pointers;

    /// <summary>Copies strings.</summary>
    /// <param name="strings">Strings without NUL.</param>
    public NativeStrings(IReadOnlyList<string> strings)
    {
        var table = (nuint)((strings.Count + 1) * sizeof(byte*));
        var size = table;
        foreach (var text in strings)
            size += (nuint)Encoding.UTF8.GetByteCount(text) + 1;

        _pointers = (byte**)NativeMemory.Alloc(size);
        var free = (byte*)_pointers + table;
        for (var i = 0; i < strings.Count; i++)
        {
            _pointers[i] = free;
            var room = (int)Math.Min(int.MaxValue, (byte*)_pointers + size - free);
            var length = Encoding.UTF8.GetBytes(strings[i], new Span<byte>(free, room));
            free[length] = 0;
            free += length + 1;
        }

        _pointers[strings.Count] = null;
    }

    /// <summary>The array.</summary>
    public byte** Pointers => _pointers;

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.Free(_pointers);
}
