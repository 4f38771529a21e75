using System.Globalization;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Hosting;

/// <summary>Finds out why an address does not answer, by what the sandbox's agent knows. Where it knows nothing, what was seen from outside has to do.</summary>
/// <param name="runtime">What carries the sandbox.</param>
internal sealed class HostDiagnosis(ISandboxRuntime runtime)
{
    // Whoever waited in vain need not wait long for the reason.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    private const int MostNeighbours = 5;
    private const string BindRemedy = "Have it listen on 0.0.0.0, for example with --host 0.0.0.0.";
    private const string LogRemedy = "See what it says with Receive-SandboxProcess or 'docker-sandbox logs'.";

    /// <summary>Why an address does not answer.</summary>
    /// <param name="address">The address.</param>
    /// <param name="answer">What was seen from outside last.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public async Task<HostTrouble> ExplainAsync(HostAddress address, HostAnswer answer, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerLimit);
        try
        {
            if (await runtime.FindAsync(address.Sandbox.Id, limit.Token).ConfigureAwait(false) is not { } sandbox)
                return new HostTrouble("the sandbox is gone", "Make a new one.");

            if (sandbox.State != SandboxState.Running && NotRunning.Create(sandbox, sandbox.State) is { } failure)
                return new HostTrouble($"the sandbox is {sandbox.State.ToString().ToLowerInvariant()}", failure.Remedy ?? "Make a new one.");

            if (ExplainRoute(address, answer) is { } trouble)
                return trouble;

            var processes = await runtime.Processes.ListAsync(sandbox, includeEnded: true, limit.Token).ConfigureAwait(false);
            var listeners = await runtime.Ports.ListAsync(sandbox, limit.Token).ConfigureAwait(false);
            return await ExplainAsync(address, answer, processes, listeners, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SandboxException or NotSupportedException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new HostTrouble(answer.Words, "See what the server in the sandbox says, and that it listens on 0.0.0.0.");
        }
    }

    /// <summary>
    /// Why an address will not answer any more, so that nobody need wait: what was started last has failed, nothing else that was started runs,
    /// and nothing listens. Null while there is hope.
    /// </summary>
    /// <param name="address">The address.</param>
    /// <param name="answer">What was seen from outside last.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    public async Task<HostTrouble?> FindEndAsync(HostAddress address, HostAnswer answer, CancellationToken cancellationToken)
    {
        if (answer.Kind is not (HostAnswerKind.Closed or HostAnswerKind.Gateway or HostAnswerKind.ServerError))
            return null;

        try
        {
            var processes = await runtime.Processes.ListAsync(address.Sandbox, includeEnded: true, cancellationToken).ConfigureAwait(false);
            if (Last(processes) is not { State: ProcessState.Ended, ExitCode: not 0 } || processes.Any(process => process.TreeSize > 0 || process.State == ProcessState.Running))
                return null;

            var listeners = await runtime.Ports.ListAsync(address.Sandbox, cancellationToken).ConfigureAwait(false);
            return listeners.Any(listener => listener.Port == address.Port) ? null : await ExplainAsync(address, answer, processes, listeners, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SandboxException or NotSupportedException)
        {
            return null; // who does not know goes on hoping
        }
    }

    private static HostTrouble? ExplainRoute(HostAddress address, HostAnswer answer) => (address.Routing, answer) switch
    {
        (HostRouting.Gateway, { Kind: HostAnswerKind.Closed }) => new HostTrouble($"no gateway listens at {address.Url.Authority}", "Start it with Start-SandboxGateway or 'docker-sandbox serve'."),
        (HostRouting.Gateway, { Reason: "unknown" }) => new HostTrouble($"the gateway at {address.Url.Authority} knows no such sandbox", "Start the gateway of this engine: Start-SandboxGateway or 'docker-sandbox serve'."),
        (HostRouting.Gateway, { Reason: "token" }) => new HostTrouble("the gateway does not take this user's token", "Use the gateway of whoever made the sandbox."),
        (HostRouting.Traefik, { Kind: HostAnswerKind.Closed }) => new HostTrouble($"Traefik does not answer at {address.Url.Authority}", "See that it runs, and that the domain leads to its machine."),
        (HostRouting.Traefik, { Kind: HostAnswerKind.Unrouted }) => new HostTrouble(answer.Words, "See that its Docker provider watches this engine, and what its log says of the sandbox's labels."),
        (HostRouting.Traefik, { Kind: HostAnswerKind.Failed }) => new HostTrouble(answer.Words, "See that wildcard DNS leads to Traefik's machine, and that its certificates are trusted here."),
        (HostRouting.Gateway, { Kind: HostAnswerKind.Failed }) => new HostTrouble(answer.Words, "See that wildcard DNS leads to the gateway or to what is in front of it, and that its certificate is trusted here."),
        (_, { Kind: HostAnswerKind.Failed }) => new HostTrouble(answer.Words, "See that the name leads to the engine's machine."),
        _ => null,
    };

    private async Task<HostTrouble> ExplainAsync(HostAddress address, HostAnswer answer, IReadOnlyList<SandboxProcess> processes, IReadOnlyList<SandboxListener> listeners, CancellationToken cancellationToken)
    {
        var own = listeners.Where(listener => listener.Port == address.Port).ToList();
        var listener = own.FirstOrDefault(one => one.IsReachable) ?? own.FirstOrDefault();

        // Whoever serves; where nobody does, what was started last should.
        var process = processes.LastOrDefault(one => one.Id == listener?.StartedProcessId) ?? (listener is null ? Last(processes) : null);
        var log = process is null ? "" : await ReadLogAsync(address.Sandbox, process, cancellationToken).ConfigureAwait(false);
        var server = listener?.ProcessName is { } name ? Printable.Line(name) : "something";
        var isBehind = answer.Kind is HostAnswerKind.Closed or HostAnswerKind.Gateway || (address.Routing == HostRouting.Traefik && answer.Status is 502 or 504);

        // The gateway says of the app what would be seen without it.
        var kind = answer is { Kind: HostAnswerKind.Gateway, Reason: "ended" } ? HostAnswerKind.Closed : answer.Kind;
        return (kind, listener) switch
        {
            (_, null) when isBehind => Missing(address, processes, listeners, log),
            (_, { IsReachable: false }) when isBehind =>
                new HostTrouble($"{server} listens on {listener.Address} only, the sandbox's own loopback address, which nothing outside of it reaches{log}", BindRemedy),
            (HostAnswerKind.Closed, _) => new HostTrouble($"{server} listens on port {address.Port}, but closes connections without an answer{log}", "See that it speaks HTTP there."),
            (HostAnswerKind.Silent, _) => new HostTrouble($"{answer.Words}{log}", LogRemedy),
            (HostAnswerKind.Astray, _) => new HostTrouble($"{answer.Words}{log}", "Have it lead on by paths alone, or name with -Path a page that answers itself."),
            (HostAnswerKind.ServerError, _) => new HostTrouble($"{answer.Words}{log}", LogRemedy),
            _ => new HostTrouble($"{answer.Words}{log}", "See what the server in the sandbox says."),
        };
    }

    private static HostTrouble Missing(HostAddress address, IReadOnlyList<SandboxProcess> processes, IReadOnlyList<SandboxListener> listeners, string log)
    {
        var others = listeners.Where(listener => listener.Port != address.Port).DistinctBy(listener => listener.Port).ToList();
        var where = others.Count == 0
            ? "nothing listens in the sandbox"
            : $"nothing listens on port {address.Port} in the sandbox, but on {string.Join(", ", others.Take(MostNeighbours).Select(Describe))}{(others.Count > MostNeighbours ? ", …" : "")}";
        return Last(processes) switch
        {
            { State: ProcessState.Ended } process => new HostTrouble($"process {NameOf(process)}, which was started last, has ended {HowItEnded(process)}, and {where}{log}", "Start it again; Get-SandboxProcess -All and 'docker-sandbox ps --all' show what there was."),
            { } process => new HostTrouble($"{where}, while process {NameOf(process)} runs{log}", others.Count == 0 ? LogRemedy : $"Ask for the port that it listens on, or have it listen on {address.Port}."),
            null => new HostTrouble(where, others.Count == 0 ? "Start a server with Start-SandboxProcess or 'docker-sandbox exec --background'." : "Ask for the port that is listened on."),
        };
    }

    private static SandboxProcess? Last(IReadOnlyList<SandboxProcess> processes) => processes.Count == 0 ? null : processes[^1];

    private static string Describe(SandboxListener listener) =>
        $"{listener.Port.ToString(CultureInfo.InvariantCulture)}{(listener.ProcessName is { } name ? $" ({Printable.Line(name)})" : "")}";

    private static string HowItEnded(SandboxProcess process) => process switch
    {
        { OutOfMemory: true } => "for want of memory",
        { Exceeded: { } limit } => $"at the limit of its {limit.ToString().ToLowerInvariant()}",
        { TimedOut: true } => "at its time-out",
        _ => string.Create(CultureInfo.InvariantCulture, $"with exit code {process.ExitCode}"),
    };

    // Not the whole command, in which a password may be.
    private static string NameOf(SandboxProcess process)
    {
        var word = process.Tag ?? process.Command.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(part => !part.Contains('=', StringComparison.Ordinal)) ?? "";
        return string.Create(CultureInfo.InvariantCulture, $"{process.Id} ({Printable.Line(Path.GetFileName(word))})");
    }

    private async Task<string> ReadLogAsync(Sandbox sandbox, SandboxProcess process, CancellationToken cancellationToken)
    {
        var from = Math.Max(process.LostBytes, process.OutputBytes - OutputTail.Limit);
        var tail = new OutputTail(isCut: from > 0);
        try
        {
            await runtime.Processes.ReceiveAsync(sandbox, new ProcessReference(process), from, follow: false, tail, cancellationToken).ConfigureAwait(false);
        }
        catch (SandboxException e) when (e.Error == SandboxError.ProcessNotFound)
        {
            return ""; // it was forgotten just now
        }

        var lines = tail.ToLines();
        return lines.Length == 0 ? "" : $". Process {NameOf(process)} wrote last:{lines}";
    }
}
