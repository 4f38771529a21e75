using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>What tests against a real engine have in common: an owner of their own, and an end at which nothing of theirs is left.</summary>
[Trait("Category", "Engine")]
public abstract class EngineTests : IAsyncLifetime
{
    private const string DefaultImage = "flourisha-sandbox-base:bookworm";
    private static readonly Lazy<Task<string?>> Obstacle = new(FindObstacleAsync);
    private readonly Dictionary<string, string?> _environment = new() { ["FLOURISHA_OWNER"] = $"cli-tests-{Guid.NewGuid():N}" };

    /// <summary>The image for sandboxes; it has a shell, coreutils, findutils and Perl, as Debian's has.</summary>
    protected static string Image { get; } = Environment.GetEnvironmentVariable("FLOURISHA_TEST_IMAGE") is { Length: > 0 } image ? image : DefaultImage;

    /// <summary>Variables for the program.</summary>
    protected IDictionary<string, string?> Variables => _environment;

    /// <summary>A folder of this test's own on this machine.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("flourisha-cli-").FullName;

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync()
    {
        var obstacle = await Obstacle.Value;
        Assert.SkipWhen(obstacle is not null, obstacle ?? "");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (await Obstacle.Value is null)
            (await RunAsync("kill", "--all")).Expect(0);

        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Calls the program with nothing on its standard input.</summary>
    protected Task<CliResult> RunAsync(params string[] args) => CliProgram.RunAsync(_environment, input: null, args);

    /// <summary>Calls the program with something on its standard input.</summary>
    protected Task<CliResult> RunWithInputAsync(byte[] input, params string[] args) => CliProgram.RunAsync(_environment, input, args);

    /// <summary>Runs a line of bash in which <c>$CLI</c> is the program, to be left unquoted.</summary>
    protected Task<CliResult> RunShellAsync(string script) => CliProgram.RunShellAsync(_environment, $"cli() {{ {CliProgram.ForShell} \"$@\"; }}\n{script}");

    /// <summary>Starts the program.</summary>
    protected System.Diagnostics.Process Start(params string[] args) => CliProgram.Start(_environment, args);

    /// <summary>Makes a sandbox.</summary>
    protected async Task<string> CreateAsync(params string[] args) => (await RunAsync(["init", "--image", Image, .. args])).Expect(0).Output.Trim();

    /// <summary>Waits until something holds.</summary>
    protected static async Task WaitUntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var i = 0; i < 100; i++)
        {
            if (await condition())
                return;

            await Task.Delay(100);
        }

        Assert.Fail($"It did not come true within 10 s that {what}.");
    }

    private static async Task<string?> FindObstacleAsync()
    {
        using var manager = SandboxManager.Connect();
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await manager.Images.EnsureAsync(Image, OperationObserver.None, limit.Token);
            return null;
        }
        catch (SandboxException e)
        {
            return $"No sandbox can be made here: {e.Message}";
        }
        catch (OperationCanceledException)
        {
            return $"No sandbox can be made here: the engine does not answer, or the image {Image} is not there within 10 s.";
        }
    }
}
