using System.CommandLine;
using System.Text;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Writes to a process.</summary>
internal sealed class StdinVerb : Verb
{
    private const string FromStandardInput = "-";
    private const int PieceSize = 64 << 10;

    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string> _process;
    private readonly Argument<string?> _text = new("TEXT")
    {
        Description = "A line to write; '-' for standard input, byte for byte, which is also taken where neither this nor --close is given.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _close = CommonOptions.Flag("--close", "Close the input afterwards, so that the process reads an end.");

    /// <summary>Creates the verb.</summary>
    public StdinVerb()
        : base(
            "stdin",
            "Writes to the standard input of a process that was started with exec --background --stdin.",
            "docker-sandbox stdin $ID $PROCESS 'print(6 * 7)'",
            "cat data.csv | docker-sandbox stdin $ID import - --close",
            "docker-sandbox stdin $ID $PROCESS --close")
    {
        _process = CommonOptions.Process(_sandbox);
        Add(_sandbox);
        Add(_process);
        Add(_text);
        Add(_close);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var reference = CommonOptions.ToProcess(session.Parse.GetRequiredValue(_process));
        var close = session.Parse.GetValue(_close);
        await using var input = Open(session.Parse.GetValue(_text), close);
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);

        // The same process all the time, also where another one gets its tag meanwhile.
        var process = new ProcessReference(await session.Manager.Processes.GetAsync(sandbox, reference, cancellationToken));
        var piece = new byte[PieceSize];
        while (input is not null && await input.ReadAsync(piece, cancellationToken) is > 0 and var count)
            await session.Manager.Processes.SendInputAsync(sandbox, process, piece.AsMemory(0, count), cancellationToken);

        if (close)
            await session.Manager.Processes.CloseInputAsync(sandbox, process, cancellationToken);

        return ExitCodes.Success;
    }

    private static Stream? Open(string? text, bool close)
    {
        if (text is not (null or FromStandardInput))
            return new MemoryStream(Encoding.UTF8.GetBytes(text + "\n"));

        if (text is null && close)
            return null;

        return StandardInput.IsRedirected
            ? new StandardInput()
            : throw new SandboxException(SandboxError.InvalidOption, "There is nothing to write.", remedy: "Give TEXT, or what to write on standard input, or --close.");
    }
}
