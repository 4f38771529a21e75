using System.Globalization;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Terminal;

/// <summary>
/// Shows what goes on, on standard error. A person sees one line that is rewritten; a log sees the steps of a build and warnings only.
/// With <c>--json</c>, warnings are JSON, one document a line, and there is no progress.
/// </summary>
/// <param name="json">Whether standard error is for programs.</param>
/// <param name="verbose">Whether to show what is asked of the engine.</param>
internal sealed class TerminalObserver(bool json, bool verbose) : OperationObserver
{
    // Some terminals, such as those that only record, do not say how wide they are.
    private const int DefaultWidth = 80;
    private const string EraseLine = "\r\u001b[K";
    private readonly Lock _lock = new();
    private readonly bool _showsProgress = !json && StandardStream.Error.IsTerminal;
    private bool _hasProgress;

    /// <inheritdoc/>
    public override void Report(OperationProgress progress)
    {
        // They tell where a failed build stood, so they stay on the screen and in logs.
        if (progress.BeginsStep)
        {
            if (!json)
                WriteLine(progress.Status);
        }
        else if (progress is { Completed: true, Part: null })
        {
            Clear();
        }
        else if (_showsProgress && !progress.Completed)
        {
            Show(progress);
        }
    }

    /// <inheritdoc/>
    public override void Verbose(string message)
    {
        if (verbose)
            Tell(message, message, document => document with { Verbose = message });
    }

    /// <inheritdoc/>
    public override void Warning(string message) => Tell(message, $"docker-sandbox: warning: {message}", document => document with { Warning = message });

    /// <summary>Writes a line and takes the progress away.</summary>
    /// <param name="line">The line.</param>
    public void WriteLine(string line)
    {
        lock (_lock)
        {
            Clear();
            StandardStream.Error.TryWriteLine(Printable.Line(line));
        }
    }

    /// <summary>Takes the progress away.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            if (_hasProgress)
                StandardStream.Error.TryWrite(EraseLine);

            _hasProgress = false;
        }
    }

    private void Show(OperationProgress progress)
    {
        var amount = (progress.Done, progress.Total) switch
        {
            ({ } done, { } total) when total > 0 => string.Create(CultureInfo.InvariantCulture, $" {100d * done / total:0}%"),
            ({ } done, _) => $" {Sizes.Format(done)}",
            _ => "",
        };
        var line = Printable.Line($"{progress.Activity}{amount} {progress.Status}");
        var width = (Console.WindowWidth is > 1 and var columns ? columns : DefaultWidth) - 1;
        lock (_lock)
        {
            StandardStream.Error.TryWrite(EraseLine + (line.Length <= width ? line : line[..width]));
            _hasProgress = true;
        }
    }

    private void Tell(string message, string text, Func<NoteDocument, NoteDocument> fill)
    {
        if (!json)
            WriteLine(text);
        else
            StandardStream.Error.TryWriteLine(CliJson.Write(fill(new NoteDocument(null, null)), CliJson.Default.NoteDocument, indented: false));
    }
}
