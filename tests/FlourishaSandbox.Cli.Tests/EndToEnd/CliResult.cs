using System.Text;
using System.Text.Json;

namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>What one call of the program gave.</summary>
public sealed record CliResult(int ExitCode, byte[] OutputBytes, string Error)
{
    /// <summary>Standard output as text.</summary>
    public string Output => Encoding.UTF8.GetString(OutputBytes);

    /// <summary>Standard output as the one JSON document that it has to be.</summary>
    public JsonElement Json => JsonDocument.Parse(OutputBytes).RootElement;

    /// <summary>The failure on standard error, which has to be one JSON document.</summary>
    public JsonElement JsonError => JsonDocument.Parse(Error).RootElement.GetProperty("error");

    /// <summary>Fails the test with all that is known where the exit code is another one.</summary>
    public CliResult Expect(int exitCode)
    {
        Assert.True(exitCode == ExitCode, $"exit code {ExitCode} instead of {exitCode}\nstdout: {Output}\nstderr: {Error}");
        return this;
    }
}
