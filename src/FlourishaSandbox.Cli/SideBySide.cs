using System.Collections.Concurrent;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli;

/// <summary>Does one thing to many, several at a time. One that fails does not keep the others from being done.</summary>
internal static class SideBySide
{
    /// <summary>Does it.</summary>
    /// <typeparam name="TItem">What it is done to.</typeparam>
    /// <typeparam name="TResult">What comes of it.</typeparam>
    /// <param name="items">All of them.</param>
    /// <param name="action">What to do.</param>
    /// <param name="undo">What to do with the results when the whole is cut short, by Ctrl+C or by a failure that has no name; null for nothing.</param>
    /// <param name="cancellationToken">Cuts it short.</param>
    /// <returns>Results and failures, in the order of the items.</returns>
    public static async Task<Outcome<TResult>> RunAsync<TItem, TResult>(
        IEnumerable<TItem> items,
        Func<TItem, CancellationToken, Task<TResult>> action,
        Func<IReadOnlyList<TResult>, Task>? undo,
        CancellationToken cancellationToken)
        where TResult : class
    {
        var results = new ConcurrentDictionary<int, TResult>();
        var failures = new ConcurrentDictionary<int, SandboxException>();
        try
        {
            // The engine does the work; more at once than there are processors only makes each wait longer.
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(items.Select((item, index) => (item, index)), parallel, async (one, token) =>
            {
                try
                {
                    results[one.index] = await action(one.item, token);
                }
                catch (SandboxException e)
                {
                    failures[one.index] = e;
                }
            });
        }
        catch (Exception) when (undo is not null)
        {
            await undo([.. results.Values]);
            throw;
        }

        return new Outcome<TResult>(InOrder(results), InOrder(failures));
    }

    private static IReadOnlyList<T> InOrder<T>(ConcurrentDictionary<int, T> values) => [.. values.OrderBy(pair => pair.Key).Select(pair => pair.Value)];

    /// <summary>What came of it.</summary>
    /// <typeparam name="TResult">The results' type.</typeparam>
    /// <param name="Results">What went well.</param>
    /// <param name="Failures">What did not.</param>
    public sealed record Outcome<TResult>(IReadOnlyList<TResult> Results, IReadOnlyList<SandboxException> Failures)
    {
        /// <summary>Reports every failure.</summary>
        /// <param name="session">The call.</param>
        /// <returns>The exit code of the first failure; 0 where there is none.</returns>
        public int Report(Session session)
        {
            foreach (var failure in Failures)
                session.Report(failure);

            return Failures.Count == 0 ? ExitCodes.Success : Failures[0].Error.ExitCode();
        }
    }
}
