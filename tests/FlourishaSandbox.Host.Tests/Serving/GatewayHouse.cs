using System.Globalization;
using FlourishaSandbox.Audit;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Images;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Host.Tests.Serving;

/// <summary>
/// A gateway, and two sandboxes in which the same app runs: one for everybody, one for those who show its token. Made when the first test
/// needs them; when the house is disposed, everything of its owner is gone.
/// </summary>
public sealed class GatewayHouse : IAsyncLifetime
{
    public const string Category = "Engine";

    /// <summary>Where the app listens.</summary>
    public const int Port = 8000;

    /// <summary>Where it listens for itself alone.</summary>
    public const int LoopbackPort = 8001;

    /// <summary>Where nothing listens.</summary>
    public const int SilentPort = 8002;

    /// <summary>Is in every answer of the private app, and in nobody else's.</summary>
    public const string Secret = "the-private-app-was-here";

    private readonly Lazy<Task<string?>> _preparation;
    private GatewayProcess? _gateway;

    public GatewayHouse()
    {
        Settings = new SandboxSettings { Owner = "test-" + Guid.NewGuid().ToString("N")[..12], Audit = new AuditSettings { Enabled = false } };
        Manager = new SandboxManager(DockerRuntime.Connect(null, Path.Combine(Repository.Root, "output", "agent")), Settings, new TemplateCatalog([Path.Combine(Repository.Root, "module", "templates")]));
        _preparation = new(PrepareAsync);
    }

    internal static string Image => Environment.GetEnvironmentVariable("FLOURISHA_TEST_IMAGE") is { Length: > 0 } image ? image : ImageStore.LocalBaseImage;

    internal SandboxManager Manager { get; }

    internal SandboxSettings Settings { get; }

    /// <summary>Knows tokens and links.</summary>
    internal PortAccess Access { get; } = new();

    /// <summary>The one for everybody.</summary>
    internal Sandbox Open { get; private set; } = null!;

    /// <summary>The private one.</summary>
    internal Sandbox Closed { get; private set; } = null!;

    /// <summary>On loopback, over plain HTTP.</summary>
    internal GatewayProcess Gateway => _gateway!;

    /// <summary>The private port's token.</summary>
    internal string Token => Access.TokenFor(Closed, Port);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Skips the test where there is no engine, or it lacks the image.</summary>
    public async Task RequireAsync()
    {
        var reason = await _preparation.Value;
        Assert.SkipWhen(reason is not null, reason ?? "");
    }

    /// <summary>Makes a sandbox of this house.</summary>
    internal Task<Sandbox> CreateAsync(Func<SandboxOptions, SandboxOptions>? change = null)
    {
        var options = new SandboxOptions { Image = Image, Ports = [Port], Routing = HostRouting.Gateway, Timeout = TimeSpan.FromMinutes(20) };
        return Manager.CreateAsync(change?.Invoke(options) ?? options, OperationObserver.None, Limits.Token);
    }

    /// <summary>Starts the app in a sandbox, and waits until it listens.</summary>
    internal async Task ServeAsync(Sandbox sandbox, int port = Port, string address = "0.0.0.0", string? mark = null)
    {
        await using var program = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "App", "app.pl"));
        await Manager.RunAsync(sandbox, new CommandRequest { Command = "cat > /tmp/app.pl" }, program, OperationObserver.None, Limits.Token);
        await Manager.Processes.StartAsync(sandbox, new CommandRequest { Command = string.Create(CultureInfo.InvariantCulture, $"exec perl /tmp/app.pl {port} {address} {mark}") }, new(), OperationObserver.None, Limits.Token);
        while (!(await Manager.Ports.ListAsync(sandbox, Limits.Token)).Any(listener => listener.Port == port))
            await Task.Delay(20, Limits.Token);
    }

    /// <summary>The heads that reached the app, byte for byte.</summary>
    internal Task<string> SeenAsync(Sandbox sandbox) => ReadAsync(sandbox, $"/tmp/seen-{Port}");

    /// <summary>What is in a file of a sandbox; nothing where there is none.</summary>
    internal async Task<string> ReadAsync(Sandbox sandbox, string path) =>
        (await Manager.RunAsync(sandbox, new CommandRequest { Command = $"cat {path} 2> /dev/null" }, input: null, OperationObserver.None, Limits.Token)).Output;

    /// <summary>A client of a port, through a gateway.</summary>
    internal HttpClient ClientOf(Sandbox sandbox, int port = Port, string? token = null, GatewayProcess? gateway = null)
    {
        var client = Clients.Create(gateway ?? Gateway, HostOf(sandbox, port));
        if (token is not null)
            client.DefaultRequestHeaders.TryAddWithoutValidation(PortAccess.TokenHeader, token);

        return client;
    }

    /// <summary>The name of a port, as a Host header has it, without the gateway's own port.</summary>
    internal static string HostOf(Sandbox sandbox, int port = Port) => string.Create(CultureInfo.InvariantCulture, $"{port}-{sandbox.ShortId}.localhost");

    /// <summary>Sends bytes to the gateway as they are.</summary>
    internal Task<RawAnswer> SendAsync(string request) => RawConnection.ExchangeAsync(Gateway.Port, request);

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();

        if (_preparation.IsValueCreated)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            try
            {
                foreach (var sandbox in await Manager.ListAsync(new SandboxFilter { Owner = Settings.Owner }, limit.Token))
                    await Manager.RemoveAsync(sandbox, OperationObserver.None, limit.Token);
            }
            catch (SandboxException e) when (e.Error == SandboxError.EngineUnreachable)
            {
                return; // then nothing was made
            }
        }

        Manager.Dispose();
    }

    private async Task<string?> PrepareAsync()
    {
        try
        {
            using var client = new DockerClient(DockerEndpoint.Resolve());
            if (await client.Images.InspectAsync(Image, Limits.Token) is null)
                return $"the image {Image} is not on the engine; make it with ./build.sh test or name another one in FLOURISHA_TEST_IMAGE";
        }
        catch (Exception e) when (e is DockerException or DockerUnreachableException or ArgumentException)
        {
            return e.Message;
        }

        Open = await CreateAsync();
        Closed = await CreateAsync(options => options with { Private = true });
        await Task.WhenAll(ServeAsync(Open), ServeAsync(Open, LoopbackPort, "127.0.0.1"), ServeAsync(Closed, mark: Secret));
        _gateway = await GatewayProcess.StartAsync();
        return null;
    }
}
