namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>Tests that need some running sandbox, and a fresh one each.</summary>
public abstract class SandboxTests : EngineTests
{
    /// <summary>The sandbox's id.</summary>
    protected string Id { get; private set; } = "";

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Id = await CreateAsync("--workdir", "/tmp");
    }

    /// <summary>Runs a command in the sandbox.</summary>
    protected Task<CliResult> ExecAsync(params string[] args) => RunAsync(["exec", Id, .. args]);

    /// <summary>How many processes in the sandbox have this in their command lines. The text must begin with a letter.</summary>
    protected async Task<int> CountInsideAsync(string text)
    {
        // The brackets keep the question from finding itself.
        var script = $"cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -o '[{text[0]}]{text[1..]}' | wc -l";
        return int.Parse((await ExecAsync(script)).Expect(0).Output.Trim(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
