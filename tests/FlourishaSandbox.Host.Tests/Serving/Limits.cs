using System.Collections.Concurrent;

namespace FlourishaSandbox.Host.Tests.Serving;

/// <summary>A token for each test, which ends what hangs, so that a defect fails its test instead of stopping the run.</summary>
internal static class Limits
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly ConcurrentDictionary<string, CancellationTokenSource> s_limits = [];

    public static CancellationToken Token => s_limits.GetOrAdd(TestContext.Current.Test?.UniqueID ?? "", _ =>
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_patience);
        return limit;
    }).Token;
}
