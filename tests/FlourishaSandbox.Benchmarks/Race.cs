using System.Diagnostics;

namespace FlourishaSandbox.Benchmarks;

/// <summary>Measures several ways of doing a thing in one run, in turns, because a machine is not the same from one minute to the next.</summary>
internal static class Race
{
    /// <summary>Runs all contenders once a round. Who begins changes from round to round, as one pays for what the one before left behind.</summary>
    /// <param name="what">What they do, for progress.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="warmUps">How many rounds come before them and do not count.</param>
    /// <param name="contenders">The ways.</param>
    /// <param name="cancellationToken">Ends the race.</param>
    /// <returns>The times in milliseconds, in the order of the contenders.</returns>
    public static async Task<Series[]> RunAsync(string what, int rounds, int warmUps, Contender[] contenders, CancellationToken cancellationToken)
    {
        Progress.Say($"{what}: {rounds} rounds of {string.Join(", ", contenders.Select(contender => contender.Name))}");
        var results = Array.ConvertAll(contenders, _ => new Series("ms"));
        for (var round = -warmUps; round < rounds; round++)
        {
            for (var turn = 0; turn < contenders.Length; turn++)
            {
                var index = (turn + round + warmUps) % contenders.Length;
                var time = await MeasureAsync(contenders[index], cancellationToken);
                if (round >= 0)
                    results[index].Add(time.TotalMilliseconds);
            }
        }

        return results;
    }

    private static async Task<TimeSpan> MeasureAsync(Contender contender, CancellationToken cancellationToken)
    {
        if (contender.Before is { } before)
            await before(cancellationToken);

        try
        {
            var started = Stopwatch.GetTimestamp();
            await contender.Run(cancellationToken);
            return Stopwatch.GetElapsedTime(started);
        }
        finally
        {
            if (contender.After is { } after)
                await after(cancellationToken);
        }
    }
}
