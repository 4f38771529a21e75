namespace FlourishaSandbox.Benchmarks;

/// <summary>Watches how far this process's memory grows above what it was, every 50 ms until it is stopped.</summary>
internal sealed class MemoryWatch
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

    /// <summary>Ends the watch.</summary>
    /// <returns>How far it grew at most, in MB.</returns>
    public double Stop()
    {
        _ended.Set();
        _thread.Join();
        _ended.Dispose();
        return (_peak - _start) / 1e6;
    }

    private void Watch()
    {
        do
            _peak = Math.Max(_peak, Environment.WorkingSet);
        while (!_ended.Wait(Interval));
    }
}
