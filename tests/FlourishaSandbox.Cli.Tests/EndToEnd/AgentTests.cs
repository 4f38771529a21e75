namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>Tests of what an agent alone can do.</summary>
public abstract class AgentTests : SandboxTests
{
    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var sandbox = (await RunAsync("info", Id, "--json")).Expect(0).Json;
        Assert.SkipWhen(sandbox.GetProperty("agentVersion").GetString() is null, "The sandbox has no agent: there is none beside the program, or none for the engine's platform.");
    }
}
