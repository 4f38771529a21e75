using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Driving;

/// <summary>The sandbox that a user's browser runs in: one for all pages, found again by its name.</summary>
/// <param name="manager">The sandboxes.</param>
internal sealed partial class BrowserSandboxes(SandboxManager manager)
{
    /// <summary>The port on which Chromium is driven, on its sandbox's loopback only.</summary>
    public const int DebugPort = 9222;

    private const string Template = "browser";
    private const string Program = "browse";
    private const string RoleKey = "flourisha.role";
    private const string Role = "browser";
    private const int LongestAnswer = 4 << 20;

    /// <summary>How long it lives after it was used last.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_otherLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_listLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(25);

    // Every page has a way of its own, and what belongs to none has none: nothing listens there.
    private static readonly string[] s_arguments = ["--proxy-server=socks5://127.0.0.1:1", "--proxy-bypass-list=<-loopback>", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--disable-features=WebRtcHideLocalIpsWithMdns"];

    /// <summary>The sandbox's name.</summary>
    public string Name { get; } = "browser-" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(manager.Settings.Owner))).ToLowerInvariant()[..8];

    /// <summary>The sandbox, where it runs.</summary>
    public async Task<Sandbox?> FindAsync(CancellationToken cancellationToken) =>
        (await manager.ListAsync(new SandboxFilter { Owner = manager.Settings.Owner, Name = name => name == Name }, cancellationToken).ConfigureAwait(false)).FirstOrDefault(IsOurs);

    /// <summary>Makes the sandbox and starts Chromium in it, where that has not been done yet, and gives it a new deadline.</summary>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The sandbox, and the path by which Chromium is driven.</returns>
    public async Task<(Sandbox Sandbox, string Path)> EnsureAsync(OperationObserver observer, CancellationToken cancellationToken)
    {
        var sandbox = await FindStartedAsync(cancellationToken).ConfigureAwait(false);
        if (sandbox is { State: not SandboxState.Running })
        {
            observer.Verbose($"Sandbox '{sandbox}' has ended, with all its pages; another takes its place.");
            await manager.RemoveAsync(sandbox, observer, cancellationToken).ConfigureAwait(false);
            sandbox = null;
        }

        if (sandbox is null)
            sandbox = await CreateAsync(observer, cancellationToken).ConfigureAwait(false);
        else
            sandbox = await manager.SetTimeoutAsync(sandbox, Lifetime, observer, cancellationToken).ConfigureAwait(false);

        return (sandbox, await AskAsync(sandbox, cancellationToken).ConfigureAwait(false) ?? await StartAsync(sandbox, observer, cancellationToken).ConfigureAwait(false));
    }

    // Another process may be making it just now.
    private async Task<Sandbox?> FindStartedAsync(CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            var sandbox = await FindAsync(cancellationToken).ConfigureAwait(false);
            if (sandbox is not { State: SandboxState.Created } || Stopwatch.GetElapsedTime(begun) > s_startLimit)
                return sandbox;

            await Task.Delay(s_interval, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool IsOurs(Sandbox sandbox) =>
        sandbox.Name == Name && sandbox.Owner == manager.Settings.Owner && sandbox.Metadata.TryGetValue(RoleKey, out var role) && role == Role;

    private async Task<Sandbox> CreateAsync(OperationObserver observer, CancellationToken cancellationToken)
    {
        observer.Verbose($"Making sandbox '{Name}' for the browser.");
        var options = new SandboxOptions
        {
            Template = Template,
            Name = Name,
            Network = NetworkPolicy.Internal,
            Timeout = Lifetime,
            OnTimeout = TimeoutAction.Remove,
            Metadata = new Dictionary<string, string> { [RoleKey] = Role },
            // A page takes some 60 MiB and 20 threads; twenty of them are an ordinary test run.
            Limits = ResourceLimits.Default with { Memory = 4L << 30, PidLimit = 2048, Disk = 2L << 30 },
        };
        try
        {
            return await manager.CreateAsync(options, observer, cancellationToken).ConfigureAwait(false);
        }
        catch (SandboxException e) when (e.Error == SandboxError.NameInUse)
        {
            // Two began at once, and the other was faster; or somebody has the name for something else. An engine gives names before it lists
            // what has them.
            for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < s_listLimit && await FindAsync(cancellationToken).ConfigureAwait(false) is null;)
                await Task.Delay(s_interval, cancellationToken).ConfigureAwait(false);

            return await FindStartedAsync(cancellationToken).ConfigureAwait(false) ?? throw new SandboxException(e.Error, e.Message, e.Target, $"'{Name}' is the name of the browser's sandbox: rename or remove what has it.", e);
        }
    }

    private async Task<string> StartAsync(Sandbox sandbox, OperationObserver observer, CancellationToken cancellationToken)
    {
        observer.Verbose($"Starting Chromium in sandbox '{sandbox}'.");
        var started = Stopwatch.GetTimestamp();
        long? ended = null;
        var process = await manager.Processes.StartAsync(sandbox, new CommandRequest { Command = Program, Arguments = s_arguments }, new ProcessOptions { Tag = Role, OutputLimit = 64 << 10 }, observer, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            if (await AskAsync(sandbox, cancellationToken).ConfigureAwait(false) is { } path)
                return path;

            // A second one ends at once, where two processes start one at the same time; then the first answers, as soon as it can.
            var now = await manager.Processes.GetAsync(sandbox, new ProcessReference(process), cancellationToken).ConfigureAwait(false);
            if (now.State == ProcessState.Ended)
                ended ??= Stopwatch.GetTimestamp();

            if (Stopwatch.GetElapsedTime(started) > s_startLimit || (ended is { } end && Stopwatch.GetElapsedTime(end) > s_otherLimit))
                throw new SandboxException(SandboxError.TimedOut, $"Chromium in sandbox '{sandbox}' {(now.State == ProcessState.Ended ? $"ended with exit code {now.ExitCode}" : $"did not answer within {s_startLimit.TotalSeconds:0} s")}: {await LastWordsAsync(sandbox, process, observer, cancellationToken).ConfigureAwait(false)}", sandbox, $"Close the browser with Close-SandboxPage -Browser or 'docker-sandbox browser close --all', and try again.");

            await Task.Delay(s_interval, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<string> LastWordsAsync(Sandbox sandbox, SandboxProcess process, OperationObserver observer, CancellationToken cancellationToken)
    {
        using var output = new CommandOutputBuffer();
        await manager.Processes.ReceiveAsync(sandbox, new ProcessReference(process), fromStart: true, follow: false, output, observer, cancellationToken).ConfigureAwait(false);
        var lines = Encoding.UTF8.GetString(output.Error.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "it said nothing." : Excerpt.Of(lines[^1]);
    }

    /// <summary>The path by which the browser of a sandbox is driven; null where nothing answers there yet.</summary>
    public async Task<string?> AskAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        using var document = await AskAsync(sandbox, "/json/version", cancellationToken).ConfigureAwait(false);
        if (document is null)
            return null;

        return DrivingUrl().Match(document.RootElement.Text("webSocketDebuggerUrl")) is { Success: true } match ? match.Groups[1].Value : throw Odd(sandbox, null);
    }

    /// <summary>The targets that are pages, with their titles and URLs as the browser has them: no page is asked.</summary>
    public async Task<IReadOnlyDictionary<string, (string Title, string Url)>> ListTargetsAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        using var document = await AskAsync(sandbox, "/json/list", cancellationToken).ConfigureAwait(false);
        var targets = new Dictionary<string, (string Title, string Url)>(StringComparer.Ordinal);
        if (document is null)
            return targets;

        if (document.RootElement.ValueKind != JsonValueKind.Array)
            throw Odd(sandbox, null);

        foreach (var target in document.RootElement.EnumerateArray().Where(one => one.Text("type") == "page"))
            targets[target.Text("id")] = (target.Text("title"), target.Text("url"));

        return targets;
    }

    private async Task<JsonDocument?> AskAsync(Sandbox sandbox, string path, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ConnectCallback = async (_, token) => await manager.Ports.ConnectAsync(sandbox, DebugPort, token).ConfigureAwait(false) };
        using var client = new HttpClient(handler) { MaxResponseContentBufferSize = LongestAnswer, Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            var json = await client.GetByteArrayAsync(new Uri($"http://127.0.0.1:{DebugPort}{path}"), cancellationToken).ConfigureAwait(false);
            return JsonDocument.Parse(json);
        }
        catch (HttpRequestException e) when (e.InnerException is SandboxException { Error: SandboxError.PortNotReachable })
        {
            return null;
        }
        catch (HttpRequestException e) when (e.InnerException is SandboxException failure)
        {
            throw failure;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            throw Odd(sandbox, e);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static SandboxException Odd(Sandbox sandbox, Exception? cause) =>
        new(SandboxError.EngineFailed, $"What answers on port {DebugPort} of sandbox '{sandbox}' is no Chromium.", sandbox, "Close the browser with Close-SandboxPage -Browser or 'docker-sandbox browser close --all', and try again.", cause);

    [GeneratedRegex(@"\Aws://127\.0\.0\.1:9222(/devtools/browser/[0-9a-f-]{36})\z")]
    private static partial Regex DrivingUrl();
}
