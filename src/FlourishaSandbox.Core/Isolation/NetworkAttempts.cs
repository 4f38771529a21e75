using System.Globalization;
using System.Net;
using FlourishaSandbox.Envd;

namespace FlourishaSandbox.Isolation;

/// <summary>Attempts to reach who should not be reached. The sandbox says how a connection went; this side knows what that means.</summary>
internal static class NetworkAttempts
{
    /// <summary>What closes the host and private networks.</summary>
    public const string Remedy = "Run Install-SandboxFirewall (docker-sandbox firewall install) on the engine's machine, or choose -Network Internal or None.";

    private const string Metadata = "169.254.169.254";
    private const int WebPort = 80;
    private const string NoNetwork = "It has no network.";

    // Nobody is likely to be there; what is asked is whether the way there is closed.
    private static readonly string[] s_private = ["10.255.255.254", "172.31.255.254", "192.168.255.254", "100.127.255.254"];

    // On one machine an answer takes a millisecond, so that this long is silence.
    private const int Patience = 1000;

    /// <summary>Another sandbox's agent.</summary>
    public static async Task<(IsolationOutcome, string)> OtherSandboxAsync(IsolationRun run, CancellationToken cancellationToken)
    {
        if (!(await run.GroundAsync(cancellationToken).ConfigureAwait(false)).HasNetwork)
            return (IsolationOutcome.Held, NoNetwork);

        var words = new List<string>();
        foreach (var address in await run.PeerAsync(cancellationToken).ConfigureAwait(false))
        {
            var answer = await ConnectAsync(run, address, EnvdProtocol.Port, cancellationToken).ConfigureAwait(false);
            if (answer.Outcome != IsolationOutcome.Held)
                return answer.Outcome == IsolationOutcome.NotHeld ? (IsolationOutcome.NotHeld, $"Another sandbox was reached at {address}.") : IsolationAttempts.Of(answer);

            words.Add($"{address}: {answer.Detail}");
        }

        return words.Count == 0 ? (IsolationOutcome.NotTried, "The other sandbox has no address.") : (IsolationOutcome.Held, $"Another sandbox could not be reached ({string.Join(", ", words)}).");
    }

    /// <summary>What listens on the host's loopback alone.</summary>
    public static async Task<(IsolationOutcome, string)> HostLoopbackAsync(IsolationRun run, CancellationToken cancellationToken)
    {
        var ground = await run.GroundAsync(cancellationToken).ConfigureAwait(false);
        if (!ground.HasNetwork)
            return (IsolationOutcome.Held, NoNetwork);

        if (!ground.IsHere)
            return (IsolationOutcome.NotTried, "Its host is not this machine, from which alone this can be seen.");

        var service = run.Listen(IPAddress.Loopback);
        foreach (var address in ground.HostAddresses.Append(IPAddress.Loopback))
        {
            // In the sandbox somebody else may listen at this port: only a connection that came here counts.
            await ConnectAsync(run, address, service.Port, cancellationToken).ConfigureAwait(false);
            if (service.HasCaller())
                return (IsolationOutcome.NotHeld, $"A service on the host's loopback was reached at {address}.");
        }

        return (IsolationOutcome.Held, "A service on the host's loopback could not be reached.");
    }

    /// <summary>What listens on the host's own address in the sandbox's network, as a service does that listens everywhere.</summary>
    public static async Task<(IsolationOutcome, string)> HostServicesAsync(IsolationRun run, CancellationToken cancellationToken)
    {
        var ground = await run.GroundAsync(cancellationToken).ConfigureAwait(false);
        if (!ground.HasNetwork)
            return (IsolationOutcome.Held, NoNetwork);

        if (!ground.IsHere)
            return ground.HasFirewall == true ? (IsolationOutcome.Held, "Rules of the host's firewall close it.") : (IsolationOutcome.NotTried, "Its host is not this machine, from which alone this can be seen.");

        foreach (var address in ground.HostAddresses)
        {
            var service = run.Listen(address);
            await ConnectAsync(run, address, service.Port, cancellationToken).ConfigureAwait(false);
            if (service.HasCaller())
                return (IsolationOutcome.NotHeld, $"A service of the host was reached at {address}.");
        }

        return (IsolationOutcome.Held, "A service of the host could not be reached.");
    }

    /// <summary>The service by which clouds tell machines their secrets.</summary>
    public static Task<(IsolationOutcome, string)> MetadataAsync(IsolationRun run, CancellationToken cancellationToken) =>
        JudgeAsync(run, [Metadata], cancellationToken);

    /// <summary>Private networks, which the host may be part of.</summary>
    public static Task<(IsolationOutcome, string)> PrivateNetworksAsync(IsolationRun run, CancellationToken cancellationToken) =>
        JudgeAsync(run, s_private, cancellationToken);

    // Silence is what a rule sounds like, and also nobody. Where rules can be asked for, they decide.
    private static async Task<(IsolationOutcome, string)> JudgeAsync(IsolationRun run, string[] addresses, CancellationToken cancellationToken)
    {
        var ground = await run.GroundAsync(cancellationToken).ConfigureAwait(false);
        if (!ground.HasNetwork)
            return (IsolationOutcome.Held, NoNetwork);

        var answers = await Task.WhenAll(addresses.Select(address => ConnectAsync(run, IPAddress.Parse(address), WebPort, cancellationToken))).ConfigureAwait(false);
        var reached = Array.FindIndex(answers, answer => answer.Outcome == IsolationOutcome.NotHeld);
        if (reached >= 0)
            return (IsolationOutcome.NotHeld, $"{addresses[reached]} answers.");

        if (answers.FirstOrDefault(answer => answer.Outcome == IsolationOutcome.NotTried) is { } failed)
            return IsolationAttempts.Of(failed);

        if (answers.All(answer => answer.Detail == "no route"))
            return (IsolationOutcome.Held, "There is no way out.");

        return ground.HasFirewall switch
        {
            true => (IsolationOutcome.Held, "Rules of the host's firewall close it."),
            false => (IsolationOutcome.NotHeld, "Nobody answered just now, and nothing closes the way."),
            null when answers.All(answer => answer.Detail is "no route" or "rejected") => (IsolationOutcome.Held, "Something on the way refuses."),
            null => (IsolationOutcome.NotTried, "Nobody answered, and whether a rule closes the way can only be seen as root on the engine's machine."),
        };
    }

    private static Task<ProbeAnswer> ConnectAsync(IsolationRun run, IPAddress address, int port, CancellationToken cancellationToken) =>
        run.ProbeAsync(cancellationToken, "connect", address.ToString(), port.ToString(CultureInfo.InvariantCulture), Patience.ToString(CultureInfo.InvariantCulture));
}
