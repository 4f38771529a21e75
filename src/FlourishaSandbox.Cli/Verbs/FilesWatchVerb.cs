using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Tells what happens to files in a sandbox.</summary>
internal sealed class FilesWatchVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string?> _path = new("PATH") { Description = "A folder or a file. Default: the sandbox's working directory.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _recurse = CommonOptions.Flag("--recurse", "Watch all folders below too, also those that come.", aliases: "-R");
    private readonly Option<int?> _count = CommonOptions.Count("--count", "End after so many events.");
    private readonly Option<TimeSpan?> _timeout = CommonOptions.Duration("--timeout", "End after that time; with --count, with exit code 124. Default: no end.");

    /// <summary>Creates the verb.</summary>
    public FilesWatchVerb()
        : base(
            "watch",
            "Prints what happens to files in a folder of a sandbox, as it happens. With --json each event is a document on a line of its own.",
            "docker-sandbox files watch $ID /workspace -R",
            "docker-sandbox files watch $ID out --count 1 --timeout 5m && echo 'something came'")
    {
        Add(_sandbox);
        Add(_path);
        Add(_recurse);
        Add(_count);
        Add(_timeout);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var path = session.Parse.GetValue(_path) ?? ".";
        var count = session.Parse.GetValue(_count);
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (session.Parse.GetValue(_timeout) is { } timeout)
            limit.CancelAfter(timeout);

        try
        {
            var seen = 0;
            var events = session.Manager.Files.WatchAsync(sandbox, path, session.Parse.GetValue(_recurse), () => session.Observer.Verbose($"Watching '{path}' in sandbox '{sandbox}'."), limit.Token);
            await foreach (var change in events)
            {
                if (session.Json)
                    session.WriteDocumentLine(new FileEventDocument(change.Path, change.Change, change.Time), CliJson.Default.FileEventDocument);
                else
                    session.WriteLine($"{change.Change.ToString().ToLowerInvariant(),-17} {Printable.Line(change.Path)}");

                if (++seen == count)
                    break;
            }

            return ExitCodes.Success;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return count is null ? ExitCodes.Success : ExitCodes.TimedOut;
        }
    }
}
