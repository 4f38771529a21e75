namespace FlourishaSandbox.Agent;

/// <summary>
/// The threads of the runtime's pool. A sandbox may use up all processes that it is allowed, and threads are counted among them: a pool that
/// needs a thread more at that moment ends the agent, and the sandbox with it. So it never needs one more.
/// </summary>
internal static class AgentThreads
{
    /// <summary>Creates as many as the pool may have. It keeps them; see the project file.</summary>
    /// <returns>Creating.</returns>
    public static async Task CreateAllAsync()
    {
        ThreadPool.GetMaxThreads(out var count, out _);
        var missing = new CountdownEvent(count);
        for (var i = 0; i < count; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    // Each stays here until there is one for every item.
                    missing.Signal();
                    missing.Wait();
                },
                null);
        }

        // Timers have a thread of their own, and it too is created when it is needed first.
        await Task.Delay(1);
    }
}
