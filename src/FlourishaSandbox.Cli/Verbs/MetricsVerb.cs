using System.CommandLine;
using System.Globalization;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Processes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Measures what a sandbox uses.</summary>
internal sealed class MetricsVerb : Verb
{
    private static readonly TimeSpan s_defaultInterval = TimeSpan.FromSeconds(1);

    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Option<TimeSpan?> _interval = CommonOptions.Duration("--interval", "Measure again and again, with so much time between. Default with --watch or --count: 1s.");
    private readonly Option<int?> _count = CommonOptions.Count("--count", "How many measurements. Default: with --watch or --interval no end, else one.");
    private readonly Option<bool> _watch = CommonOptions.Flag("--watch", "Measure again and again, until Ctrl+C.");

    /// <summary>Creates the verb.</summary>
    public MetricsVerb()
        : base(
            "metrics",
            "Measures what a sandbox uses: CPU, memory, disk, processes and network. With --json each measurement is a document on a line of its own.",
            "docker-sandbox metrics $ID",
            "docker-sandbox metrics $ID --watch",
            "docker-sandbox metrics $ID --interval 5 --count 12",
            "docker-sandbox metrics $ID --json | jq .memoryUsed")
    {
        Add(_sandbox);
        Add(_interval);
        Add(_count);
        Add(_watch);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var interval = session.Parse.GetValue(_interval);
        var count = session.Parse.GetValue(_count) ?? (interval is null && !session.Parse.GetValue(_watch) ? 1 : int.MaxValue);
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        for (var i = 1; ; i++)
        {
            var metrics = await session.Manager.MeasureAsync(sandbox, cancellationToken);
            if (session.Json)
                session.WriteDocumentLine(MetricsDocument.For(metrics), CliJson.Default.MetricsDocument);
            else
                session.WriteLines(Lines(metrics).Skip(i == 1 ? 0 : 1));

            if (i == count)
                return ExitCodes.Success;

            await Task.Delay(interval ?? s_defaultInterval, cancellationToken);
        }
    }

    private static string Share(long used, long limit) => limit > 0 ? $"{Sizes.Format(used)} / {Sizes.Format(limit)}" : Sizes.Format(used);

    // Each measurement is a table of its own, whose columns are as wide as any value makes them, so that all look like one.
    private static IEnumerable<string> Lines(SandboxMetrics metrics)
    {
        var table = new Table("TIME", ">CPU", ">MEMORY", ">DISK", ">PROCESSES", ">RECEIVED", ">SENT");
        table.Add(
            metrics.Time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
            string.Create(CultureInfo.InvariantCulture, $"{metrics.CpuPercent,6:0.0}%"),
            $"{Share(metrics.MemoryUsed, metrics.MemoryLimit),15}",
            $"{Share(metrics.DiskUsed, metrics.DiskLimit),15}",
            metrics.ProcessLimit > 0 ? string.Create(CultureInfo.InvariantCulture, $"{metrics.Processes} / {metrics.ProcessLimit}") : metrics.Processes.ToString(CultureInfo.InvariantCulture),
            Sizes.Format(metrics.NetworkReceived),
            $"{Sizes.Format(metrics.NetworkSent),6}");
        return table.Lines();
    }
}
