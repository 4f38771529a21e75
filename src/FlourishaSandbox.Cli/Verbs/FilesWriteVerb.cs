using System.CommandLine;
using System.Text;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Writes a file in a sandbox.</summary>
internal sealed class FilesWriteVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string> _path = CommonOptions.Path("The file; folders that are missing are made.");
    private readonly Argument<string?> _text = new("TEXT") { Description = "What it is to hold, exactly. Default: standard input, byte for byte.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _base64 = CommonOptions.Flag("--base64", "Take TEXT or standard input for base64, and write what it stands for.");

    /// <summary>Creates the verb.</summary>
    public FilesWriteVerb()
        : base(
            "write",
            "Writes a file in a sandbox, which belongs to its user. What it held before is gone.",
            "docker-sandbox files write $ID /workspace/main.py < main.py",
            "docker-sandbox files write $ID notes.txt 'remember the milk'",
            "docker-sandbox files write $ID logo.png --base64 < logo.b64",
            "docker-sandbox files write $ID options.txt -- '--verbose'")
    {
        Add(_sandbox);
        Add(_path);
        Add(_text);
        Add(_base64);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var path = session.Parse.GetRequiredValue(_path);
        await using var input = Open(session.Parse.GetValue(_text));
        await using var content = session.Parse.GetValue(_base64) ? await DecodeAsync(input, cancellationToken) : input;
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        await session.Manager.Files.WriteAsync(sandbox, path, content, cancellationToken);
        return ExitCodes.Success;
    }

    private static Stream Open(string? text)
    {
        if (text is not null)
            return new MemoryStream(Encoding.UTF8.GetBytes(text));

        return StandardInput.IsRedirected
            ? new StandardInput()
            : throw new SandboxException(SandboxError.InvalidOption, "There is nothing to write.", remedy: "Give TEXT, or what the file is to hold on standard input.");
    }

    // As a whole before anything is written: half of a file would be worse than none.
    private static async Task<Stream> DecodeAsync(Stream input, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(input, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        try
        {
            return new MemoryStream(Convert.FromBase64String(await reader.ReadToEndAsync(cancellationToken)));
        }
        catch (FormatException e)
        {
            throw new SandboxException(SandboxError.InvalidOption, $"What was to be written is no base64: {e.Message}", remedy: "Leave --base64 out to write it as it is.", innerException: e);
        }
    }
}
