namespace FlourishaSandbox.Agent.Processes;

/// <summary>
/// The newest bytes that a process wrote, on all its streams together, in the order in which they were read. Offsets count from its
/// first byte. Not safe for several threads: its owner locks.
/// </summary>
/// <param name="limit">The most bytes that are kept.</param>
/// <param name="keepsRead">Whether bytes that every reader has had are kept, as long as there is room for them.</param>
internal sealed class OutputRing(int limit, bool keepsRead)
{
    private const int FirstCapacity = 4096;
    private const int BytesPerRun = 256;

    private readonly OutputRuns _runs = new(Math.Max(64, limit / BytesPerRun));
    private byte[] _buffer = [];

    /// <summary>How many bytes were written so far.</summary>
    public long Written { get; private set; }

    /// <summary>The offset of the oldest byte that is kept.</summary>
    public long Kept { get; private set; }

    /// <summary>How much memory the bytes take.</summary>
    public int Capacity => _buffer.Length;

    /// <summary>Room for what is written next, which may be where the oldest bytes are.</summary>
    /// <param name="source">Where it will come from.</param>
    /// <param name="needed">The offset from which on bytes must not be overwritten; <see cref="Written"/> or more where nobody needs any.</param>
    /// <returns>The room; empty where there is none.</returns>
    public Span<byte> GetRoom(OutputSource source, long needed)
    {
        if (!keepsRead)
            DropBefore(Math.Min(needed, Written));

        if (_runs.IsFull && _runs.Last != source)
        {
            if (_runs.FirstEnd > needed)
                return [];

            DropBefore(_runs.FirstEnd);
        }

        if (Written - Kept == _buffer.Length && _buffer.Length < limit)
            Resize(Math.Min(limit, Math.Max(FirstCapacity, _buffer.Length * 2)));

        // With room left, nothing is overwritten; without, as much as is not needed.
        var inUse = Written - Kept < _buffer.Length ? Written - Kept : Written - Math.Min(needed, Written);
        var start = (int)(Written % _buffer.Length);
        return _buffer.AsSpan(start, (int)Math.Min(_buffer.Length - inUse, _buffer.Length - start));
    }

    /// <summary>Takes what was written into the room.</summary>
    /// <param name="source">Where it came from.</param>
    /// <param name="count">How many bytes.</param>
    public void Add(OutputSource source, int count)
    {
        Written += count;
        DropBefore(Written - _buffer.Length);
        _runs.Add(source, Written);
    }

    /// <summary>The bytes at an offset, as far as they are of one source and in one piece.</summary>
    /// <param name="offset">From <see cref="Kept"/> to before <see cref="Written"/>.</param>
    /// <param name="maximum">The most bytes.</param>
    /// <returns>Where they came from, and the bytes; they stay what they are as long as they are needed, see <see cref="GetRoom"/>.</returns>
    public (OutputSource Source, ReadOnlyMemory<byte> Bytes) Peek(long offset, int maximum)
    {
        var (source, end) = _runs.Find(offset);
        var start = (int)(offset % _buffer.Length);
        return (source, _buffer.AsMemory(start, (int)Math.Min(Math.Min(end - offset, maximum), _buffer.Length - start)));
    }

    /// <summary>Gives back the memory that the bytes do not need, once nothing more is written.</summary>
    public void Trim()
    {
        if (Written - Kept < _buffer.Length)
            Resize((int)(Written - Kept));
    }

    /// <summary>Forgets all bytes.</summary>
    public void Drop() => DropBefore(Written);

    /// <summary>Forgets all bytes, and gives back their memory.</summary>
    public void Clear()
    {
        Drop();
        _buffer = [];
    }

    private void DropBefore(long offset)
    {
        if (offset <= Kept)
            return;

        Kept = offset;
        _runs.DropBefore(offset);
    }

    private void Resize(int capacity)
    {
        // Readers may still look at the old array, so it is left as it is.
        var resized = capacity == 0 ? [] : new byte[capacity];
        for (var offset = Kept; offset < Written;)
        {
            var from = (int)(offset % _buffer.Length);
            var to = (int)(offset % capacity);
            var count = (int)Math.Min(Written - offset, Math.Min(_buffer.Length - from, capacity - to));
            _buffer.AsSpan(from, count).CopyTo(resized.AsSpan(to));
            offset += count;
        }

        _buffer = resized;
    }
}
