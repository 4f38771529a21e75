using System.Buffers.Binary;
using FlourishaSandbox.Agent.Files.Interop;
using FlourishaSandbox.Agent.Native;

namespace FlourishaSandbox.Agent.Files.Watching;

/// <summary>The kernel's queue of what happens in folders. One for the agent: a user may have only so many, in all sandboxes together.</summary>
internal sealed unsafe class Inotify : IDisposable
{
    private const int HeaderSize = 16;

    private readonly byte[] _buffer = new byte[16 << 10];

    private Inotify(int descriptor) => Descriptor = descriptor;

    /// <summary>What to wait for.</summary>
    public int Descriptor { get; }

    /// <summary>Creates a queue.</summary>
    /// <exception cref="Envd.Connect.ConnectException">The user has too many.</exception>
    public static Inotify Create()
    {
        var descriptor = FileCalls.InotifyCreate(FileCalls.CloseOnExec | FileCalls.NonBlocking);
        return descriptor >= 0 ? new Inotify(descriptor) : throw Errno.ToException(Errno.Last, "watching folders");
    }

    /// <summary>Adds a folder. One that is there already keeps its number.</summary>
    /// <returns>Its number; below 0 the error's, negated.</returns>
    public int Add(string path, bool follow)
    {
        var mask = InotifyEvents.Reported | InotifyEvents.FoldersOnly | (follow ? InotifyEvents.None : InotifyEvents.DoNotFollow);
        fixed (byte* pointer = PathBytes.From(path))
        {
            var number = FileCalls.InotifyAdd(Descriptor, pointer, (uint)mask);
            return number >= 0 ? number : -Errno.Last;
        }
    }

    /// <summary>Takes a folder away. Where it has gone by itself, there is nothing to do.</summary>
    public void Remove(int number) => _ = FileCalls.InotifyRemove(Descriptor, number);

    /// <summary>Takes what has happened.</summary>
    /// <param name="handle">What is called with a folder's number, what happened there, and to which name; empty for the folder itself.</param>
    /// <returns>False where nothing had happened.</returns>
    public bool Read(Action<int, InotifyEvents, string> handle)
    {
        nint length;
        fixed (byte* data = _buffer)
            length = FileCalls.Read(Descriptor, data, (nuint)_buffer.Length);

        for (var at = 0; at < length;)
        {
            var head = _buffer.AsSpan(at, HeaderSize);
            var nameSize = BinaryPrimitives.ReadInt32LittleEndian(head[12..]);
            var name = _buffer.AsSpan(at + HeaderSize, nameSize);
            var end = name.IndexOf((byte)0);
            at += HeaderSize + nameSize;
            handle(BinaryPrimitives.ReadInt32LittleEndian(head), (InotifyEvents)BinaryPrimitives.ReadUInt32LittleEndian(head[4..]), PathBytes.ToText(end < 0 ? name : name[..end]));
        }

        return length > 0;
    }

    public void Dispose() => _ = FileCalls.Close(Descriptor);
}
