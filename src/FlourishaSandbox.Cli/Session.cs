using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli;

/// <summary>One call of the program: what was asked for, whom to ask, and where answers go.</summary>
internal sealed class Session : IDisposable
{
    private readonly Lazy<SandboxSettings> _settings = new(() => SandboxSettings.FromEnvironment());
    private readonly Lazy<SandboxManager> _manager;
    private readonly ErrorReport _errors;
    private readonly TerminalObserver _observer;

    /// <summary>Begins a call. Nothing is asked of an engine yet.</summary>
    /// <param name="parse">The command line.</param>
    public Session(ParseResult parse)
    {
        Parse = parse;
        Json = parse.GetValue(CommonOptions.Json);
        _errors = new ErrorReport(Json);
        _observer = new TerminalObserver(Json, parse.GetValue(CommonOptions.Verbose));
        _manager = new(() =>
        {
            var engine = parse.GetValue(CommonOptions.Engine);
            return SandboxManager.Connect(engine is null ? _settings.Value : _settings.Value with { Endpoint = engine });
        });
    }

    /// <summary>The command line.</summary>
    public ParseResult Parse { get; }

    /// <summary>Whether one JSON document is wanted on standard output.</summary>
    public bool Json { get; }

    /// <summary>The sandboxes.</summary>
    public SandboxManager Manager => _manager.Value;

    /// <summary>Whose sandboxes are meant where nobody says otherwise.</summary>
    public string Owner => _settings.Value.Owner;

    /// <summary>Shows progress and warnings on standard error.</summary>
    public OperationObserver Observer => _observer;

    /// <summary>The sandbox that the caller named.</summary>
    /// <param name="sandbox">The argument.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    /// <returns>The sandbox, as it is now.</returns>
    public Task<Sandbox> GetSandboxAsync(Argument<string> sandbox, CancellationToken cancellationToken) =>
        Manager.GetAsync(CommonOptions.ToReference(Parse.GetRequiredValue(sandbox)), cancellationToken);

    /// <summary>Writes what the caller asked for: an id, an address, a table's line.</summary>
    /// <param name="line">The line, without its end.</param>
    public void WriteLine(string line)
    {
        _observer.Clear();
        StandardStream.Output.WriteLine(line);
    }

    /// <summary>Writes several lines that the caller asked for.</summary>
    /// <param name="lines">The lines, without their ends.</param>
    public void WriteLines(IEnumerable<string> lines)
    {
        _observer.Clear();
        var text = string.Join(Environment.NewLine, lines);
        if (text.Length > 0)
            StandardStream.Output.WriteLine(text);
    }

    /// <summary>Writes a table to standard output, or, where it has no rows, a word about that to standard error.</summary>
    /// <param name="table">The table.</param>
    /// <param name="emptyNote">What to say where it has no rows.</param>
    public void WriteTable(Table table, string emptyNote)
    {
        var lines = table.Lines().ToList();
        WriteLines(lines);
        if (lines.Count == 0)
            Note(emptyNote);
    }

    /// <summary>Writes the one document of a call.</summary>
    /// <typeparam name="T">The document's type.</typeparam>
    /// <param name="document">The document.</param>
    /// <param name="type">How to write it.</param>
    public void WriteDocument<T>(T document, JsonTypeInfo<T> type)
    {
        _observer.Clear();
        StandardStream.Output.WriteLine(CliJson.Write(document, type, StandardStream.Output.IsTerminal));
    }

    /// <summary>Writes one of several documents, each on a line of its own.</summary>
    /// <typeparam name="T">The document's type.</typeparam>
    /// <param name="document">The document.</param>
    /// <param name="type">How to write it.</param>
    public void WriteDocumentLine<T>(T document, JsonTypeInfo<T> type)
    {
        _observer.Clear();
        StandardStream.Output.WriteLine(CliJson.Write(document, type, indented: false));
    }

    /// <summary>Tells the person at the terminal something beside the answer. With <c>--json</c> the document says it already.</summary>
    /// <param name="line">One line.</param>
    public void Note(string line)
    {
        if (!Json)
            _observer.WriteLine(line);
    }

    /// <summary>Reports a failure.</summary>
    /// <param name="exception">The failure.</param>
    /// <returns>Its exit code.</returns>
    public int Report(SandboxException exception)
    {
        _observer.Clear();
        _errors.Write(exception);
        return exception.Error.ExitCode();
    }

    /// <summary>Reports a failure that nobody foresaw: by its kind and its words, never by a stack trace.</summary>
    /// <param name="exception">The failure.</param>
    /// <returns>Its exit code.</returns>
    public int ReportUnforeseen(Exception exception)
    {
        _observer.Clear();
        _errors.WriteUnforeseen(exception);
        return ExitCodes.Failure;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _observer.Clear();
        if (_manager.IsValueCreated)
            _manager.Value.Dispose();
    }
}
