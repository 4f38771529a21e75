using System.Globalization;
using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Writes files in sandboxes. They belong to the sandbox's user; what they held before is gone; folders that are missing are made.</summary>
[Cmdlet(VerbsCommon.Set, "SandboxContent", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SandboxItem))]
public sealed class SetSandboxContentCommand : PathCmdlet
{
    private readonly List<object?> _values = [];

    /// <summary>Paths in the sandbox, or NAME:PATH.</summary>
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "Paths in the sandbox, or NAME:PATH.")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>What to write: text line by line, or a byte array, a file or a stream as it is.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, HelpMessage = "What to write.")]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Value { get; set; }

    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids; not needed where the path names one.</summary>
    [Parameter(HelpMessage = "Sandboxes, names or ids.")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>Puts no line breaks behind text.</summary>
    [Parameter(HelpMessage = "Puts no line breaks behind text.")]
    public SwitchParameter NoNewline { get; set; }

    /// <summary>Takes numbers for bytes; arrays of bytes, files and streams are written as they are in any case.</summary>
    [Parameter(HelpMessage = "Takes numbers for bytes.")]
    public SwitchParameter AsByteStream { get; set; }

    /// <summary>Takes text for base64, and writes what it stands for.</summary>
    [Parameter(HelpMessage = "Takes text for base64.")]
    public SwitchParameter Base64 { get; set; }

    /// <summary>Gives the files that were written.</summary>
    [Parameter(HelpMessage = "Gives the files that were written.")]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            if (Base64)
                _values.Add(Convert.FromBase64String(Value?.ToString() ?? ""));
            else if (AsByteStream && Values.Unwrap(Value) is IConvertible number and not string)
                _values.Add(Convert.ToByte(number, CultureInfo.InvariantCulture));
            else
                _values.Add(Value);
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidCastException)
        {
            // Nothing is written: half of a file would be worse than none.
            ThrowTerminatingError(new SandboxException(SandboxError.InvalidOption, $"The value is no {(Base64 ? "base64" : "byte")}: {e.Message}", Value, Base64 ? "Give base64 in pieces that can be read each on its own, or leave -Base64 out." : "Give numbers from 0 to 255, or leave -AsByteStream out.", e).ToErrorRecord());
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        ForEachPath(Path, Sandbox, (sandbox, path) =>
        {
            if (ShouldProcess($"{sandbox.Name}:{path}", "Write the file"))
                Write(sandbox, path);
        });
        base.EndProcessing();
    }

    private void Write(Sandbox sandbox, string path) => FanOut(async cancellationToken =>
    {
        using var content = CommandInput.Open(_values, endLines: !NoNewline);
        await Manager.Files.WriteAsync(sandbox, path, content, cancellationToken).ConfigureAwait(false);
        var item = PassThru ? await Manager.Files.FindAsync(sandbox, path, cancellationToken).ConfigureAwait(false) : null;
        return () =>
        {
            if (item is not null)
                WriteObject(item);
        };
    });
}
