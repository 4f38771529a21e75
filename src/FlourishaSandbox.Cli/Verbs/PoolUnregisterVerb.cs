using FlourishaSandbox.Scheduling;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Takes the service away.</summary>
internal sealed class PoolUnregisterVerb : Verb
{
    /// <summary>Creates the verb.</summary>
    public PoolUnregisterVerb()
        : base("unregister", "Takes back what 'pool register' did; pools, and what waits in them, stay. Where there is nothing to take back, that is as wanted.", "docker-sandbox pool unregister")
    {
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var removed = await PoolServices.ForThisMachine().UnregisterAsync(cancellationToken);
        session.Note(removed is null ? "There was no service." : $"Taken away: {removed}.");
        return ExitCodes.Success;
    }
}
