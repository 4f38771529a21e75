using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Http;

namespace FlourishaSandbox.Agent;

/// <summary>
/// Whether a sandbox waits in a pool, and for whom it stopped waiting. As long as it waits, nothing that leaves a trace is answered: whoever
/// claims it gets it as it was made.
/// </summary>
/// <param name="waits">Whether the agent was started to wait.</param>
internal sealed class PoolClaim(bool waits)
{
    private static readonly HashSet<string> s_harmless = new(StringComparer.Ordinal) { EnvdRoutes.Health, EnvdRoutes.Info, EnvdRoutes.Init, EnvdRoutes.Deadline, EnvdRoutes.Claim, EnvdRoutes.Token };

    private readonly Lock _gate = new();
    private IReadOnlyDictionary<string, string>? _labels;
    private volatile bool _waits = waits;

    /// <summary>Whether it waits.</summary>
    public bool Waits => _waits;

    /// <summary>Refuses a call that a sandbox does not answer while it waits.</summary>
    /// <param name="path">The call.</param>
    /// <exception cref="ConnectException"><see cref="ConnectCode.FailedPrecondition"/>: it waits.</exception>
    public void Check(string path)
    {
        if (_waits && !s_harmless.Contains(path))
            throw Refused("waits in a pool: claim it first");
    }

    /// <summary>Claims it. Of several who try at once, one succeeds.</summary>
    /// <param name="labels">What is to be known of it.</param>
    /// <exception cref="ConnectException"><see cref="ConnectCode.FailedPrecondition"/>: it waits no more, or never did.</exception>
    public void Take(IReadOnlyDictionary<string, string> labels)
    {
        lock (_gate)
        {
            if (!_waits)
                throw Refused(_labels is null ? "is in no pool" : "is claimed already");

            _labels = labels;
            _waits = false;
        }
    }

    /// <summary>How it stands.</summary>
    /// <returns>What a client is told.</returns>
    public ClaimState Describe()
    {
        lock (_gate)
            return new ClaimState(_waits, _labels);
    }

    private static ConnectException Refused(string why) => new(ConnectCode.FailedPrecondition, $"this sandbox {why}");
}
