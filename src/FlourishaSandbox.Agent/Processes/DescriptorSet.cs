using FlourishaSandbox.Agent.Native;

namespace FlourishaSandbox.Agent.Processes;

/// <summary>Descriptors that are closed together, but for those that found a place to stay. All are closed on exec.</summary>
internal sealed class DescriptorSet : IDisposable
{
    private const int DuplicateCommand = 1030;
    private const int GetFlagsCommand = 3;
    private const int SetFlagsCommand = 4;

    private readonly HashSet<int> _descriptors = [];

    /// <summary>Does not let reading and writing wait, on our end only: the other end is a description of its own.</summary>
    /// <param name="descriptor">The descriptor.</param>
    public static void MakeNonBlocking(int descriptor)
        => LibC.Control(descriptor, SetFlagsCommand, LibC.Control(descriptor, GetFlagsCommand, 0) | LibC.NonBlocking);

    /// <summary>Opens a pipe.</summary>
    /// <returns>Its two ends.</returns>
    public unsafe (int Reader, int Writer) OpenPipe()
    {
        var ends = stackalloc int[2];
        if (LibC.Pipe(ends, LibC.CloseOnExec) < 0)
            throw Errno.ToException(Errno.Last, "a pipe could not be made");

        Add(ends[0]);
        Add(ends[1]);
        return (ends[0], ends[1]);
    }

    /// <summary>Opens <c>/dev/null</c>.</summary>
    /// <returns>The descriptor.</returns>
    public int OpenNull()
    {
        var descriptor = LibC.Open("/dev/null", LibC.ReadWriteFlag | LibC.CloseOnExec);
        return descriptor >= 0 ? Add(descriptor) : throw Errno.ToException(Errno.Last, "/dev/null");
    }

    /// <summary>Makes a second descriptor of the same.</summary>
    /// <param name="descriptor">The first.</param>
    /// <returns>The second.</returns>
    public int Duplicate(int descriptor)
    {
        var second = LibC.Control(descriptor, DuplicateCommand, 0);
        return second >= 0 ? Add(second) : throw Errno.ToException(Errno.Last, "a descriptor could not be made");
    }

    /// <summary>Adds a descriptor.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <returns>The same.</returns>
    public int Add(int descriptor)
    {
        _descriptors.Add(descriptor);
        return descriptor;
    }

    /// <summary>Leaves a descriptor open: it belongs to somebody else from now on.</summary>
    /// <param name="descriptor">The descriptor.</param>
    public void Keep(int descriptor) => _descriptors.Remove(descriptor);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var descriptor in _descriptors)
            LibC.Close(descriptor);
    }
}
