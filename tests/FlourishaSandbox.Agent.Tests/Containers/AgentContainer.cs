using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using FlourishaSandbox.Envd;

namespace FlourishaSandbox.Agent.Tests.Containers;

/// <summary>An agent as it is meant to run: process 1 of a container, of a user without any privilege, its program unreadable.</summary>
public sealed class AgentContainer : IAsyncLifetime
{
    public const string Token = "only the host knows";
    public const string Program = "/.flourisha/agent/flourisha-agent";

    private readonly DirectoryInfo _volume = Directory.CreateTempSubdirectory("flourisha-agent-");

    /// <summary>The container's name.</summary>
    public string Name { get; } = $"flourisha-test-{Guid.NewGuid():N}";

    /// <summary>What one can ask the agent.</summary>
    public AgentHttp Http { get; private set; } = null!;

    /// <summary>Options of <c>docker run</c> and of the agent.</summary>
    public IReadOnlyList<string> EngineOptions { get; init; } = [];

    public IReadOnlyList<string> AgentOptions { get; init; } = [];

    public async ValueTask InitializeAsync()
    {
        if (DockerTool.Obstacle is not null)
            return;

        var program = Path.Combine(_volume.FullName, "flourisha-agent");
        File.Copy(Path.Combine(Repository.AgentFolder, "flourisha-agent"), program);
        File.SetUnixFileMode(program, UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(_volume.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        await DockerTool.RunAsync(
        [
            "run", "--detach", "--name", Name, "--label", "flourisha.sandbox=test", "--user", "1000:1000", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
            "--read-only", "--tmpfs", "/tmp:exec", "--volume", $"{_volume.FullName}:/.flourisha/agent:ro", "--workdir", "/tmp", "--entrypoint", Program, .. EngineOptions,
            DockerTool.Image, "serve", "--token-sha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Token))), .. AgentOptions,
        ]);
        var address = await DockerTool.RunAsync("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", Name);
        Http = new AgentHttp(new Uri($"http://{address}:{EnvdProtocol.Port}/"), Token);
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            try
            {
                Assert.True(await Http.IsHealthyAsync());
                return;
            }
            catch (HttpRequestException) when (watch.Elapsed < RunningAgent.Patience)
            {
                // It does not listen yet.
            }
        }
    }

    /// <summary>What the container's end says; waits for it.</summary>
    public Task<string> WaitForExitAsync() => DockerTool.RunAsync("wait", Name);

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (DockerTool.Obstacle is null)
            await DockerTool.RunAsync("rm", "--force", "--volumes", Name);

        _volume.Delete(recursive: true);
    }
}
