namespace FlourishaSandbox.Agent.Processes;

/// <summary>
/// Which stretches of a process's output came from where, oldest first. Neighbours from one source are one run; the number of runs is
/// bounded, so that single bytes on two streams by turns cost no more memory than their output may.
/// </summary>
/// <param name="limit">The most runs that are kept.</param>
internal sealed class OutputRuns(int limit)
{
    private (OutputSource Source, long End)[] _runs = [];
    private int _first;
    private int _count;

    /// <summary>Whether a run more would be one too many.</summary>
    public bool IsFull => _count == limit;

    /// <summary>The source of the newest run; null where there is none.</summary>
    public OutputSource? Last => _count == 0 ? null : At(_count - 1).Source;

    /// <summary>Where the oldest run ends.</summary>
    public long FirstEnd => At(0).End;

    /// <summary>Adds what was written. There must be room for a run more, or the newest be of the same source.</summary>
    /// <param name="source">From where.</param>
    /// <param name="end">The offset behind it.</param>
    public void Add(OutputSource source, long end)
    {
        if (Last == source)
        {
            At(_count - 1).End = end;
            return;
        }

        if (_count == _runs.Length)
            Grow();

        _count++;
        At(_count - 1) = (source, end);
    }

    /// <summary>Drops the runs that end at or before an offset.</summary>
    /// <param name="offset">The offset.</param>
    public void DropBefore(long offset)
    {
        while (_count > 0 && At(0).End <= offset)
        {
            _first = (_first + 1) % _runs.Length;
            _count--;
        }
    }

    /// <summary>The run that holds an offset.</summary>
    /// <param name="offset">An offset before the newest run's end, and not before the oldest run.</param>
    /// <returns>Its source, and where it ends.</returns>
    public (OutputSource Source, long End) Find(long offset)
    {
        int low = 0, high = _count - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (At(middle).End <= offset)
                low = middle + 1;
            else
                high = middle;
        }

        return At(low);
    }

    private ref (OutputSource Source, long End) At(int index) => ref _runs[(_first + index) % _runs.Length];

    private void Grow()
    {
        var larger = new (OutputSource, long)[Math.Min(limit, Math.Max(4, _runs.Length * 2))];
        for (var i = 0; i < _count; i++)
            larger[i] = At(i);

        (_runs, _first) = (larger, 0);
    }
}
