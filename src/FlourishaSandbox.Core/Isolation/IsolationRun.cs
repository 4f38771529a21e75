using System.Globalization;
using System.Net;
using System.Text;
using FlourishaSandbox.Agents;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Isolation;

/// <summary>One test of one sandbox: runs probes in it, and holds what was made outside for it. When it is disposed that is gone.</summary>
/// <param name="runtime">What carries the sandbox.</param>
/// <param name="sandbox">The sandbox.</param>
/// <param name="capabilities">Capabilities that its template keeps.</param>
/// <param name="observer">Hears of what is made.</param>
internal sealed class IsolationRun(ISandboxRuntime runtime, Sandbox sandbox, IReadOnlyList<string> capabilities, OperationObserver observer) : IAsyncDisposable
{
    // Filling memory and files takes a second or two; a machine under load may be ten times as slow.
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(30);

    // Longer details are a sandbox talking.
    private const int LongestDetail = 1000;
    private const int LongestAnswer = 4096;

    // What the agent exits with where a command was not its own.
    private const int Misused = 2;

    private readonly List<IDisposable> _listeners = [];
    private IsolationGround? _ground;
    private (Sandbox Sandbox, IReadOnlyList<IPAddress> Addresses)? _peer;

    /// <summary>The sandbox.</summary>
    public Sandbox Sandbox => sandbox;

    /// <summary>Capabilities that its template keeps.</summary>
    public IReadOnlyList<string> Capabilities => capabilities;

    /// <summary>Where the sandbox stands.</summary>
    public async Task<IsolationGround> GroundAsync(CancellationToken cancellationToken) =>
        _ground ??= await runtime.Isolation.SurveyAsync(sandbox, cancellationToken).ConfigureAwait(false);

    /// <summary>The addresses of another sandbox, which is made for the test.</summary>
    public async Task<IReadOnlyList<IPAddress>> PeerAsync(CancellationToken cancellationToken)
    {
        if (_peer is null)
        {
            observer.Verbose($"Making another sandbox beside '{sandbox}', to see whether it can be reached.");
            _peer = await runtime.Isolation.CreatePeerAsync(sandbox, observer, cancellationToken).ConfigureAwait(false);
        }

        return _peer.Value.Addresses;
    }

    /// <summary>Listens at an address of this machine, until the test has ended.</summary>
    public HostListener Listen(IPAddress address)
    {
        var listener = new HostListener(address);
        _listeners.Add(listener);
        return listener;
    }

    /// <summary>Makes an attempt from inside.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="words">The probe's name and arguments.</param>
    /// <returns>How it went; <see cref="IsolationOutcome.NotTried"/> where the probe was ended before it could say, and then <c>IsKilled</c> is true.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.AgentUnavailable"/>: the agent cannot do this; or what the runtime throws.</exception>
    public async Task<ProbeAnswer> ProbeAsync(CancellationToken cancellationToken, params IReadOnlyList<string> words)
    {
        using var output = new CommandOutputBuffer(LongestAnswer);
        var request = new CommandRequest { Command = AgentConnection.Program, Arguments = ["probe", .. words], WorkingDirectory = "/", Timeout = ProbeLimit };
        var exit = await runtime.RunAsync(sandbox, request, input: null, output, cancellationToken).ConfigureAwait(false);
        if (exit.TimedOut)
            return new ProbeAnswer(IsolationOutcome.NotTried, string.Create(CultureInfo.InvariantCulture, $"The attempt said nothing within {ProbeLimit.TotalSeconds:0} s."));

        var answer = Encoding.UTF8.GetString(output.Output.Span).TrimEnd('\n').Split('\t', 2);
        if (answer is [var word, var detail] && Outcome(word) is { } outcome)
            return new ProbeAnswer(outcome, Clean(detail));

        if (exit.ExitCode == Misused)
            throw new SandboxException(SandboxError.AgentUnavailable, $"The agent of sandbox '{sandbox}', version {sandbox.AgentVersion}, cannot make the attempt '{words[0]}'.", sandbox, "Make the sandbox anew, with this version.");

        if (exit.Exceeded is { } limit)
            return new ProbeAnswer(IsolationOutcome.NotTried, $"The attempt was ended for its limit of {limit.ToString().ToLowerInvariant()}.") { IsKilled = true };

        // Ended from outside, by the kernel for want of memory, or by something in the sandbox.
        return new ProbeAnswer(IsolationOutcome.NotTried, string.Create(CultureInfo.InvariantCulture, $"The attempt was ended before it could say anything (exit code {exit.ExitCode}).")) { IsKilled = true };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _listeners)
            listener.Dispose();

        if (_peer is { } peer)
        {
            using var limit = new CancellationTokenSource(CleanUpLimit);
            try
            {
                await runtime.RemoveAsync(peer.Sandbox, limit.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SandboxException or OperationCanceledException)
            {
                observer.Warning($"Sandbox '{peer.Sandbox}', which was made for the test, could not be removed: {e.Message} It ends by itself within minutes.");
            }
        }
    }

    private static IsolationOutcome? Outcome(string word) => word switch
    {
        "held" => IsolationOutcome.Held,
        "open" => IsolationOutcome.NotHeld,
        "untried" => IsolationOutcome.NotTried,
        _ => null,
    };

    private static string Clean(string text) => string.Concat(text.Take(LongestDetail).Select(c => char.IsControl(c) ? '?' : c));
}

/// <summary>What a probe said.</summary>
/// <param name="Outcome">How the attempt went.</param>
/// <param name="Detail">What happened.</param>
internal sealed record ProbeAnswer(IsolationOutcome Outcome, string Detail)
{
    /// <summary>Whether the probe was ended before it could say anything.</summary>
    public bool IsKilled { get; init; }
}
