using System.CommandLine;
using System.Globalization;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Sets how long a sandbox lives, and what it may use.</summary>
internal sealed class SetVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Option<long?> _memory = CommonOptions.Size("--memory", "Its memory from now on; not less than it uses.");
    private readonly Option<double?> _cpus = new("--cpus") { Description = "Its processors from now on; fractions are allowed.", HelpName = "N" };
    private readonly Option<int?> _pids = new("--pids") { Description = "How many processes it may have from now on; those that run already may stay.", HelpName = "N" };
    private readonly Option<TimeSpan?> _timeout = CommonOptions.Duration("--timeout", "How long it lives from now on, whatever its deadline was.", allowUnlimited: true);

    /// <summary>Creates the verb.</summary>
    public SetVerb()
        : base(
            "set",
            "Changes what a sandbox may use, and how long it lives, while it runs.",
            "docker-sandbox set $ID --memory 4GB --cpus 1.5",
            "docker-sandbox set $ID --pids 512 --timeout 24h")
    {
        Add(_sandbox);
        foreach (Option option in (Option[])[_memory, _cpus, _pids, _timeout])
            Add(option);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var change = new LimitChange { Memory = session.Parse.GetValue(_memory), Cpus = session.Parse.GetValue(_cpus), PidLimit = session.Parse.GetValue(_pids) };
        var timeout = session.Parse.GetValue(_timeout);
        if (change.IsEmpty && timeout is null)
            throw new SandboxException(SandboxError.InvalidOption, "Nothing is to be set.", remedy: "Give --memory, --cpus, --pids or --timeout.");

        // Before anything is changed: the one value may be right and the other wrong.
        change.Validate();
        if (timeout is { } span)
            SandboxOptions.ValidateTimeout(span);

        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        if (!change.IsEmpty)
            sandbox = await session.Manager.Limits.ChangeAsync(sandbox, change, session.Observer, cancellationToken);

        if (timeout is not null)
            sandbox = await session.Manager.SetTimeoutAsync(sandbox, timeout.Value, session.Observer, cancellationToken);

        if (session.Json)
            session.WriteDocument(sandbox, CliJson.Default.Sandbox);
        else
            session.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Sizes.Format(sandbox.Limits.Memory)} memory, {sandbox.Limits.Cpus:0.##} CPUs, {sandbox.Limits.PidLimit} processes, ends {TimeText.DeadlineInFull(sandbox.Deadline, DateTimeOffset.UtcNow)}"));

        return ExitCodes.Success;
    }
}
