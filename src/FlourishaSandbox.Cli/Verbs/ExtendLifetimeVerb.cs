using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Sets how long a sandbox lives.</summary>
internal sealed class ExtendLifetimeVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<TimeSpan?> _span = new("TIME")
    {
        Description = $"How long it lives from now on, whatever its deadline was: {Sandboxes.Duration.Forms}, or {CommonOptions.Unlimited}.",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result => CommonOptions.ParseDuration(result, "TIME", allowUnlimited: true),
    };

    /// <summary>Creates the verb.</summary>
    public ExtendLifetimeVerb()
        : base(
            "extend-lifetime",
            "Sets how long a sandbox lives from now on, and prints when it ends, in UTC.",
            "docker-sandbox extend-lifetime $ID 3600",
            "docker-sandbox extend-lifetime $ID 24h")
    {
        Add(_sandbox);
        Add(_span);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        var changed = await session.Manager.SetTimeoutAsync(sandbox, session.Parse.GetRequiredValue(_span)!.Value, session.Observer, cancellationToken);
        if (session.Json)
            session.WriteDocument(changed, CliJson.Default.Sandbox);
        else
            session.WriteLine(TimeText.DeadlineInFull(changed.Deadline, DateTimeOffset.UtcNow));

        return ExitCodes.Success;
    }
}
