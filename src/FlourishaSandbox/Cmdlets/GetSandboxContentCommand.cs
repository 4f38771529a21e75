using System.Management.Automation;
using System.Text;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Reads files in sandboxes: line by line, as one text, or byte for byte.</summary>
[Cmdlet(VerbsCommon.Get, "SandboxContent", DefaultParameterSetName = LinesSet)]
[OutputType(typeof(string), typeof(byte[]))]
public sealed class GetSandboxContentCommand : PathCmdlet
{
    private const string LinesSet = "Lines";
    private const string RawSet = "Raw";
    private const string BytesSet = "Bytes";

    // What is held in memory as one object; a sandbox's file may have no end.
    private const int MaximumSize = 256 << 20;
    private const int PieceSize = 64 << 10;

    /// <summary>Paths in the sandbox, or NAME:PATH; the last component may have the wildcards * and ?.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, HelpMessage = "Paths in the sandbox, or NAME:PATH.")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids; not needed where the path names one.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>Only so many lines from the beginning.</summary>
    [Parameter(ParameterSetName = LinesSet, HelpMessage = "Only so many lines from the beginning.")]
    [Alias("First", "Head")]
    [ValidateRange(1, int.MaxValue)]
    public int? TotalCount { get; set; }

    /// <summary>Gives the whole file as one text, of at most 256 MB.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RawSet, HelpMessage = "Gives the whole file as one text.")]
    public SwitchParameter Raw { get; set; }

    /// <summary>Gives the whole file as one array of bytes, of at most 256 MB.</summary>
    [Parameter(Mandatory = true, ParameterSetName = BytesSet, HelpMessage = "Gives the whole file as an array of bytes.")]
    public SwitchParameter AsByteStream { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(Path, Sandbox, (sandbox, pattern) =>
    {
        foreach (var path in Expand(sandbox, pattern))
        {
            WriteVerbose($"Reading '{path}' in sandbox '{sandbox}'.");
            if (ParameterSetName == LinesSet)
                TryAwait(token => WriteLinesAsync(sandbox, path, token), out _); // one file after the other: a line does not say whose it is
            else
                FanOut(token => ReadAsync(sandbox, path, token));
        }
    });

    private async Task<bool> WriteLinesAsync(Sandbox sandbox, string path, CancellationToken cancellationToken)
    {
        var left = TotalCount ?? long.MaxValue;
        var isFirst = true;
        var lines = new CommandOutputLines((_, text) =>
        {
            var line = isFirst ? WithoutMark(text) : text;
            isFirst = false;
            if (left-- > 0)
                Post(() => WriteObject(line));
        });
        var output = new PacedOutput(lines, this);
        var content = await Manager.Files.OpenReadAsync(sandbox, path, cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            var piece = new byte[PieceSize];
            while (left > 0 && await content.ReadAsync(piece, cancellationToken).ConfigureAwait(false) is > 0 and var count)
                await output.WriteAsync(OutputSource.Output, piece.AsMemory(0, count), cancellationToken).ConfigureAwait(false);

            await output.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private async Task<Action> ReadAsync(Sandbox sandbox, string path, CancellationToken cancellationToken)
    {
        var content = await Manager.Files.OpenReadAsync(sandbox, path, cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            using var read = new MemoryStream();
            var piece = new byte[PieceSize];
            while (await content.ReadAsync(piece, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                if (read.Length + count > MaximumSize)
                    throw new SandboxException(SandboxError.PathNotUsable, $"'{path}' in sandbox '{sandbox}' is larger than {Display.Size(MaximumSize)}.", path, "Read it line by line, or copy it with Copy-SandboxItem.");

                read.Write(piece, 0, count);
            }

            object whole = AsByteStream ? read.ToArray() : WithoutMark(Encoding.UTF8.GetString(read.GetBuffer(), 0, (int)read.Length));
            return () => WriteObject(whole);
        }
    }

    // The byte order mark is no part of the text.
    private static string WithoutMark(string text) => text.StartsWith('\uFEFF') ? text[1..] : text;
}
