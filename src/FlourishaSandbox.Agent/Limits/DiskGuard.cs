using System.Diagnostics;
using FlourishaSandbox.Agent.Probes;
using FlourishaSandbox.Agent.Processes;

namespace FlourishaSandbox.Agent.Limits;

/// <summary>
/// Holds a sandbox to its disk limit where the engine has no quota. Measuring costs time, asking a file system how full it is does not: as
/// long as that has grown by less than the sandbox has left, nobody can have used it up, and nothing is measured. How often is asked
/// depends on how soon the rest could be written; while nothing runs, nothing is asked. When the limit is reached, the agent writes
/// nothing more, and whatever writes is ended.
/// </summary>
/// <param name="limit">The limit in bytes; null for none.</param>
/// <param name="root">Where the file system is.</param>
/// <param name="usage">What measures.</param>
/// <param name="table">What runs.</param>
internal sealed class DiskGuard(long? limit, string root, DiskUsage usage, ProcessTable table)
{
    // More than two cores write to the cache of files that memory is.
    private const long BytesPerMs = 4L << 20;

    private const int ShortestPauseMs = 20;
    private const int LongestPauseMs = 1000;
    private const int FullPauseMs = 100;
    private const int CountPauseMs = 50;
    private const long LeastGrowth = 128 << 10;

    // Who is ended has ended by then, or it is not waited for.
    private const int LongestEndMs = 1000;

    // Measuring may take one part in so many of the time, so that no heap of files makes it a burden.
    private const int CostShare = 20;

    // Unless so much may have been written beyond the limit meanwhile: then there is no time to rest.
    private const long Urgent = 32L << 20;
    private const long SmallLimit = 2L << 30;

    private readonly Lock _lock = new();
    private readonly DiskWriters _writers = new();
    private TaskCompletionSource _work = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _measured;
    private long _grown;
    private long _written;
    private long _stored;
    private long _countedAt;
    private long _lastUsed;
    private long _measuredAt;
    private long _cost;
    private bool _isFull;
    private bool _isSettled;
    private Task _ending = Task.CompletedTask;
    private long _endingSince;

    /// <summary>The limit in bytes; null for none.</summary>
    public long? Limit => limit;

    /// <summary>What was measured last, and whether that is more than may be.</summary>
    public (long Bytes, bool IsFull) State
    {
        get
        {
            lock (_lock)
                return (_measured, _isFull);
        }
    }

    /// <summary>Watches from now on; never ends.</summary>
    /// <param name="isNew">Whether nothing was written yet; else, as after a second start, it is measured first.</param>
    public void Start(bool isNew)
    {
        if (limit is null)
            return;

        lock (_lock)
            _lastUsed = SystemFiles.Disk(root).Used;

        _ = Task.Run(async () =>
        {
            // Where little may be written, there would be no time to find out where to look once it is being written.
            lock (_lock)
            {
                if (!isNew)
                    Measure();
                else if (limit < SmallLimit)
                    usage.Prepare();
            }

            await WatchAsync();
        });
    }

    /// <summary>Something was started that can write.</summary>
    public void Wake()
    {
        if (limit is not null)
            Volatile.Read(ref _work).TrySetResult();
    }

    /// <summary>Whether the agent itself may write.</summary>
    /// <param name="bytes">How much.</param>
    public bool Permits(long bytes)
    {
        if (limit is not { } most)
            return true;

        lock (_lock)
        {
            // What the agent writes it knows exactly; what else grew may be another sandbox's. What was overwritten was counted twice,
            // so that it is measured before anything is refused.
            if ((_isFull || _measured + _written + bytes > most) && HasRested(1))
                Measure();

            var fits = !_isFull && _measured + _written + bytes <= most;
            _written += fits ? bytes : 0;
            return fits;
        }
    }

    private async Task WatchAsync()
    {
        while (true)
        {
            if (table.HasRunning)
            {
                await Task.Delay(Watch());
                continue;
            }

            // Between looking and waiting something may have started; then the look is repeated, and nothing is missed.
            var work = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _work, work);
            if (!table.HasRunning)
                await work.Task;
        }
    }

    /// <summary>Looks, and does what is to be done.</summary>
    /// <returns>How long to wait until the next look, in milliseconds.</returns>
    private int Watch()
    {
        try
        {
            bool isFull, wasFull, wasSettled, hasGrown;
            int pause;
            lock (_lock)
            {
                (wasFull, wasSettled, var before) = (_isFull, _isSettled, _measured);
                Look();
                (isFull, hasGrown) = (_isFull, _measured - before > LeastGrowth);
                pause = isFull ? FullPauseMs : (int)Math.Clamp((limit!.Value - Estimate()) / BytesPerMs, ShortestPauseMs, LongestPauseMs);
            }

            // Once it is full, only what makes it fuller is ended: who removes something is welcome. What was still being ended when it was
            // measured last wrote on meanwhile, which is nobody else's doing.
            if (isFull && (!wasFull || (hasGrown && wasSettled)))
                EndWriters(isFirst: !wasFull);

            return pause;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // /proc changes while it is read. Whoever holds the limit must not end for that.
            AgentLog.Write($"the disk could not be looked at: {e.Message}");
            return LongestPauseMs;
        }
    }

    private void EndWriters(bool isFirst)
    {
        var writers = isFirst ? _writers.FindAll(table.ListAll()) : _writers.FindActive(table.ListAll());
        Task[] ends = [.. writers.Select(process => process.EndAsync(TimeSpan.Zero, EndCause.Disk))];
        lock (_lock)
            (_ending, _endingSince, _isSettled) = (Task.WhenAll(ends), Environment.TickCount64, false);
    }

    private long Estimate() => _measured + Math.Max(_grown, Math.Max(_written, _stored));

    /// <summary>Asks how full the file system is, and measures where that makes it possible that the limit is reached.</summary>
    private void Look()
    {
        var used = SystemFiles.Disk(root).Used;
        _grown += Math.Max(0, used - _lastUsed);
        _lastUsed = used;

        // What others remove meanwhile hides what is written here; the kernel's own count of that is not as cheap to ask for.
        if (Environment.TickCount64 - _countedAt >= CountPauseMs)
        {
            _countedAt = Environment.TickCount64;
            _stored += _writers.CountStored(table.ListAll());
        }

        if (Estimate() > limit!.Value / 2)
            usage.Prepare();

        var excess = Estimate() - limit!.Value;
        if ((_isFull || excess > 0) && (HasRested(CostShare) || excess > Urgent))
            Measure();
    }

    private bool HasRested(int share) => Stopwatch.GetTimestamp() - _measuredAt > _cost * share;

    private void Measure()
    {
        // Finding where to look takes longer than looking, is done once in a while, and must not put off the next look.
        usage.Prepare();
        var started = Stopwatch.GetTimestamp();
        _isSettled = _ending.IsCompleted || Environment.TickCount64 - _endingSince > LongestEndMs;
        _measured = usage.Measure();
        (_grown, _written, _stored) = (0, 0, 0);
        _measuredAt = Stopwatch.GetTimestamp();
        _cost = _measuredAt - started;
        _isFull = _measured > limit!.Value;
    }
}
