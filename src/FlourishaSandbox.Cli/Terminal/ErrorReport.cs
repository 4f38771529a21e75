using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Terminal;

/// <summary>Writes failures to standard error: what went wrong on the first line, what to do next on the second.</summary>
/// <param name="json">Whether to write JSON, one document for each failure.</param>
internal sealed class ErrorReport(bool json)
{
    /// <summary>Writes a failure.</summary>
    /// <param name="exception">The failure.</param>
    public void Write(SandboxException exception) => Write(new ErrorDocument(exception.Error.ToString(), exception.Message, exception.Remedy));

    /// <summary>Writes a failure that nobody foresaw.</summary>
    /// <param name="exception">The failure.</param>
    public void WriteUnforeseen(Exception exception) =>
        Write(new ErrorDocument(exception.GetType().Name, exception.Message, exception is IOException or UnauthorizedAccessException ? null : "This is a fault of docker-sandbox itself. Please report it with the command that led to it."));

    private void Write(ErrorDocument error)
    {
        if (json)
        {
            StandardStream.Error.TryWriteLine(CliJson.Write(new ErrorEnvelope(error), CliJson.Default.ErrorEnvelope, indented: false));
            return;
        }

        StandardStream.Error.TryWriteLine($"docker-sandbox: {Printable.Lines(error.Message)}");
        if (error.Remedy is not null)
            StandardStream.Error.TryWriteLine(Printable.Lines(error.Remedy));
    }
}
