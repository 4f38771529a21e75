namespace FlourishaSandbox.Benchmarks;

/// <summary>Watches how far this process's memory grows above what it was, every 50 ms until it is disposed.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly ManualResetEventSlim _ended = new();
    private readonly Thread _thread;
    private readonly long _start;
    private long _peak;

    /// <summary>Starts from what is really in use: what earlier work left is given back first.</summary>
    public MemoryWatch()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _start = _peak = Environment.WorkingSet;
        _thread = new Thread(Watch) { IsBackground = true, Name = "memory watch" };
        _thread.Start();
    }

    /// <summary>How far it grew at most, in MB.</summary>
    public double Growth => (_peak - _start) / 1e6;

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended.Set();
        _thread.Join();
        _ended.Dispose();
    }

    private void Watch()
    {
        do
            _peak = Math.Max(_peak, Environment.WorkingSet);
        while (!_ended.Wait(Interval));
    }
}
