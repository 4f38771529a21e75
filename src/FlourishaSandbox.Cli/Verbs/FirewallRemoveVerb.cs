namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Removes the rules of the firewall.</summary>
internal sealed class FirewallRemoveVerb : Verb
{
    /// <summary>Creates the verb.</summary>
    public FirewallRemoveVerb()
        : base("remove", "Removes what 'firewall install' installed, all of it. Takes root, and no engine.", "sudo docker-sandbox firewall remove")
    {
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        session.Note(await session.Manager.Firewall.RemoveAsync(cancellationToken) ? "The rules are gone." : "There was nothing to remove.");
        return ExitCodes.Success;
    }
}
